//! Every kind of problem by its code, for titles and for `/problems/{code}`.

use linli_model::Kind;

/// One kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub code: &'static str,
    pub kind: Kind,
    pub title: &'static str,
    pub title_zh: &'static str,
}

impl Entry {
    /// What can be said of a problem that is not listed.
    pub(crate) const fn of_kind(code: &'static str, kind: Kind) -> Self {
        let (title, title_zh) = match kind {
            Kind::Internal => ("A fault of linli", "程序内部错误"),
            Kind::Request => ("The request makes no sense", "请求有误"),
            Kind::NotFound => ("There is no such thing", "未找到"),
            Kind::Data => ("The data cannot be used", "数据不可用"),
            Kind::Plugin => ("A plugin misbehaved", "插件出错"),
            Kind::Limit => ("A limit was reached", "超出限额"),
            Kind::Denied => ("This is not allowed", "不允许"),
            Kind::Conflict => ("Somebody else was faster", "发生冲突"),
        };
        Self { code, kind, title, title_zh }
    }
}

/// The problem of that code.
pub(crate) fn entry(code: &str) -> Option<Entry> {
    let found = ENTRIES.iter().find(|it| it.0 == code)?;
    Some(Entry { code: found.0, kind: found.1, title: found.2, title_zh: found.3 })
}

/// Code, kind, titles; sorted by code.
const ENTRIES: &[(&str, Kind, &str, &str)] = &[
    ("address-taken", Kind::Request, "The address cannot be taken", "地址无法监听"),
    ("ambiguous-provider", Kind::Data, "One id stands for two providers", "服务者编号重复"),
    ("ambiguous-run", Kind::Request, "Several runs begin so", "批次编号不唯一"),
    ("answer-timeout", Kind::Limit, "The answer took too long", "处理超时"),
    ("assignment", Kind::Internal, "The assignment problem is unsound", "指派问题有误"),
    ("bad-argument", Kind::Request, "A parameter makes no sense", "参数有误"),
    ("bad-body", Kind::Request, "The body cannot be read", "请求正文有误"),
    ("bad-bundle", Kind::Data, "A file is no whole bundle of a plugin", "插件包不完整"),
    ("bad-database", Kind::Request, "The address of a database cannot be read", "数据库地址有误"),
    ("bad-description", Kind::Plugin, "A plugin describes itself wrongly", "插件自述有误"),
    ("bad-guard", Kind::Request, "A guard makes no sense", "护栏有误"),
    ("bad-horizon", Kind::Request, "The horizon ends before it begins", "匹配时段的结束早于开始"),
    ("bad-json", Kind::Data, "A file is no sound JSON", "文件不是合法的 JSON"),
    ("bad-mapping", Kind::Request, "A mapping file cannot be used", "对应文件有误"),
    ("bad-page-token", Kind::Request, "The page token does not fit", "翻页标记无效"),
    ("bad-parameter", Kind::Request, "A query's parameter does not fit", "查询参数有误"),
    ("bad-plugin-settings", Kind::Request, "A plugin's settings do not fit", "插件设置有误"),
    ("bad-problem", Kind::Data, "A file holds no assignment problem", "文件不是指派问题"),
    ("bad-recurrence", Kind::Data, "A recurrence rule cannot be read", "重复规则有误"),
    ("bad-request", Kind::Request, "The request makes no sense", "请求有误"),
    ("bad-rows", Kind::Data, "Rows of a file cannot be read", "文件中有无法读取的行"),
    ("bad-signature", Kind::Data, "A signature is forged", "签名无效"),
    ("bad-sql", Kind::Request, "The SQL is wrong", "SQL 有误"),
    ("bad-value", Kind::Data, "The SQL met data it cannot be applied to", "数据无法按此计算"),
    ("bad-weight", Kind::Request, "A weight makes no sense", "权重有误"),
    ("body-too-large", Kind::Limit, "The body is too long", "请求正文过长"),
    ("body-too-slow", Kind::Limit, "The body comes too slowly", "请求正文传送过慢"),
    ("broken-component", Kind::Plugin, "A component is broken", "组件已损坏"),
    ("column-not-granted", Kind::Plugin, "A plugin wants a column it may not see", "插件无权读取该列"),
    ("component-too-large", Kind::Plugin, "A component is too large", "组件过大"),
    ("component-too-many-parts", Kind::Plugin, "A component has too many parts", "组件的部件过多"),
    ("core-module", Kind::Plugin, "The file is a module, not a component", "文件是模块而非组件"),
    ("damaged-pool", Kind::Data, "A file of the pool is damaged", "资源池文件已损坏"),
    ("database-denied", Kind::Denied, "A database refuses", "数据库拒绝访问"),
    ("database-limit", Kind::Limit, "A database has reached a limit", "数据库达到限额"),
    ("database-unreachable", Kind::NotFound, "A database does not answer", "数据库没有应答"),
    ("district-not-granted", Kind::Denied, "A key may not sign for that district", "密钥无权用于该区县"),
    ("embedded-schema", Kind::Internal, "An embedded schema is wrong", "内置表结构有误"),
    ("empty-file", Kind::Data, "A file is empty", "文件为空"),
    ("engine", Kind::Internal, "The engine failed", "引擎出错"),
    ("file-denied", Kind::Denied, "A file may not be read", "无权读取文件"),
    ("file-exists", Kind::Conflict, "A file is there already", "文件已存在"),
    ("folder-not-empty", Kind::Conflict, "The folder holds something else", "文件夹不为空"),
    ("forbidden-imports", Kind::Plugin, "A plugin wants more than it may", "插件引用了禁止的接口"),
    ("foreign-host", Kind::Denied, "The server answers its own machine only", "服务只应答本机"),
    ("foreign-origin", Kind::Denied, "Another site may not change anything", "不允许跨站修改"),
    (
        "idempotency-key-in-progress",
        Kind::Conflict,
        "The first request is not answered yet",
        "首个请求仍在处理",
    ),
    ("idempotency-key-reused", Kind::Request, "A key came with another payload", "幂等键曾用于其他内容"),
    ("idle-option", Kind::Request, "An option speaks of no file", "选项不适用于所给文件"),
    ("internal", Kind::Internal, "Something broke", "程序出错"),
    ("io", Kind::Internal, "The file system refused", "文件系统出错"),
    ("method-not-allowed", Kind::Request, "The method is not allowed", "方法不支持"),
    ("missing-column", Kind::Data, "A column is missing", "缺少列"),
    ("missing-plugin", Kind::Data, "A plugin's file is missing", "插件文件缺失"),
    ("newer-format", Kind::Request, "The pool is of a newer format", "资源池格式较新"),
    ("no-block", Kind::Internal, "A plugin was given no block", "插件未收到数据块"),
    ("no-challenger", Kind::NotFound, "Nothing is tried in a plugin's place", "没有候选插件"),
    ("no-evidence", Kind::Conflict, "No replay speaks for a plugin", "没有回放支持该插件"),
    ("no-header", Kind::Request, "There is no header on that line", "该行没有表头"),
    ("no-past-run", Kind::NotFound, "No run has used the scorer", "尚无批次使用该评分插件"),
    ("no-plugin-world", Kind::Plugin, "The component is no plugin", "组件不是插件"),
    ("no-pool", Kind::NotFound, "There is no pool", "没有资源池"),
    ("no-snapshot-at", Kind::NotFound, "The pool is younger than that", "该时刻资源池尚未建立"),
    ("no-tls", Kind::Request, "TLS is not supported yet", "尚不支持 TLS"),
    ("not-a-key", Kind::Data, "The text is no key", "不是密钥"),
    ("not-a-policy", Kind::Data, "A policy cannot hold", "签名策略有误"),
    ("not-acceptable", Kind::Request, "No such form can be written", "不支持所要的格式"),
    ("not-an-export", Kind::Data, "A file is no export of a pool", "文件不是资源池的导出"),
    ("not-finite", Kind::Data, "A number is not finite", "数值不是有限数"),
    ("not-loadable", Kind::Request, "The table is written by linli only", "该表只由 linli 写入"),
    ("not-one-statement", Kind::Request, "One statement was expected", "应为一条语句"),
    ("not-read-only", Kind::Denied, "Only reading is allowed", "只允许读取"),
    ("not-signatures", Kind::Data, "The file holds no signatures", "文件中没有签名"),
    ("not-wasm", Kind::Plugin, "The file is no WebAssembly", "文件不是 WebAssembly"),
    ("nothing-before", Kind::Conflict, "There is nothing to go back to", "没有可恢复的版本"),
    ("nothing-kept", Kind::Data, "No row could be kept", "没有一行可用"),
    ("open-quote", Kind::Data, "A quote is never closed", "引号未闭合"),
    ("other-interface-shape", Kind::Plugin, "The component has another interface", "组件接口不符"),
    (
        "other-interface-version",
        Kind::Plugin,
        "The component has another interface version",
        "组件接口版本不符",
    ),
    ("other-plugin", Kind::Request, "The component bears another name", "组件名称不符"),
    ("plugin-answer-unreadable", Kind::Plugin, "A plugin's answer cannot be read", "插件的回答无法解析"),
    (
        "plugin-bad-contribution",
        Kind::Plugin,
        "A plugin's contribution makes no sense",
        "插件给出的贡献值有误",
    ),
    ("plugin-bad-index", Kind::Plugin, "A plugin's index makes no sense", "插件给出的指数有误"),
    ("plugin-bad-score", Kind::Plugin, "A plugin's score makes no sense", "插件给出的评分有误"),
    ("plugin-breaks-contract", Kind::Plugin, "A plugin breaks the contract", "插件违反约定"),
    ("plugin-column-type", Kind::Request, "A column has not the type a plugin wants", "列类型与插件要求不符"),
    (
        "plugin-contribution-count",
        Kind::Plugin,
        "A plugin gave too few or many contributions",
        "插件给出的贡献值数量有误",
    ),
    ("plugin-fault", Kind::Plugin, "A plugin gave up", "插件报告失败"),
    ("plugin-host", Kind::Internal, "The plugin host failed", "插件沙箱出错"),
    ("plugin-input-too-large", Kind::Limit, "A plugin was given too much", "插件输入过多"),
    ("plugin-limits", Kind::Limit, "The plugin limits do not fit", "插件限额有误"),
    ("plugin-missing-column", Kind::Request, "A plugin misses a column", "插件缺少列"),
    ("plugin-name-taken", Kind::Conflict, "The pool has another plugin of that name", "插件重名"),
    ("plugin-needed", Kind::Conflict, "The plugin is needed", "插件仍在使用"),
    ("plugin-out-of-fuel", Kind::Plugin, "A plugin ran out of fuel", "插件超出计算限额"),
    ("plugin-out-of-memory", Kind::Plugin, "A plugin ran out of memory", "插件超出内存限额"),
    ("plugin-settings-refused", Kind::Request, "A plugin refused its settings", "插件拒绝了设置"),
    ("plugin-stack-overflow", Kind::Plugin, "A plugin called itself too deeply", "插件调用过深"),
    ("plugin-table-too-large", Kind::Plugin, "A plugin's table is too large", "插件的表过大"),
    ("plugin-text-too-long", Kind::Limit, "A text is too long for a plugin", "文本超出插件限额"),
    ("plugin-timeout", Kind::Plugin, "A plugin took too long", "插件超时"),
    ("plugin-trapped", Kind::Plugin, "A plugin broke off", "插件异常中止"),
    ("plugin-unknown-veto", Kind::Plugin, "A plugin vetoed with an unknown code", "插件的否决代码未定义"),
    (
        "plugin-veto-beyond-rows",
        Kind::Plugin,
        "A plugin vetoed a row that is not there",
        "插件否决了不存在的行",
    ),
    ("plugin-veto-out-of-order", Kind::Plugin, "A plugin's vetoes are out of order", "插件的否决次序有误"),
    ("plugin-wrong-length", Kind::Plugin, "A plugin gave too few or many answers", "插件回答的数量有误"),
    ("plugins-busy", Kind::Limit, "All plugin instances are busy", "插件实例已用完"),
    ("pool-exists", Kind::Conflict, "There is a pool already", "资源池已存在"),
    ("query-memory", Kind::Limit, "The query needed too much memory", "查询内存超限"),
    ("query-timeout", Kind::Limit, "The query took too long", "查询超时"),
    ("run-unfinished", Kind::Conflict, "The run is not done", "批次尚未完成"),
    ("same-plugin", Kind::Request, "The component is the incumbent already", "该组件已是现用版本"),
    ("server-stopped", Kind::Internal, "The server stopped", "服务已停止"),
    (
        "signatures-of-another-component",
        Kind::Data,
        "The signatures are of another component",
        "签名属于其他组件",
    ),
    (
        "signatures-of-another-manifest",
        Kind::Data,
        "The component says something else than was signed",
        "组件自述与签名时不符",
    ),
    ("signed-already", Kind::Conflict, "The key has signed already", "该密钥已签名"),
    ("snapshot-conflict", Kind::Conflict, "Somebody else changed the same table", "他人已修改同一张表"),
    ("snapshot-gone", Kind::NotFound, "The snapshot is no longer kept", "快照已不再保留"),
    ("stale-run", Kind::Conflict, "The run rests on what has changed since", "批次所依据的数据其后已变动"),
    ("stopped-by-replay", Kind::Conflict, "A replay speaks against a plugin", "回放不支持该插件"),
    ("tampered-plugin", Kind::Data, "A plugin's file was changed", "插件文件被改动"),
    ("too-few-signatures", Kind::Denied, "Too few offices signed a plugin", "签名数量不足"),
    ("too-many", Kind::Limit, "There are too many for one run", "超出单批次上限"),
    ("too-many-queries", Kind::Limit, "Too many queries run already", "同时执行的查询过多"),
    ("too-many-runs", Kind::Limit, "Too many runs are being made", "同时进行的批次过多"),
    ("uncertified", Kind::Internal, "A certificate does not hold", "最优性证明不成立"),
    ("undecodable-text", Kind::Data, "A text is in no encoding that is certain", "文本编码无法确定"),
    ("unknown-component", Kind::NotFound, "The pool keeps no such component", "资源池中没有该组件"),
    ("unknown-crs", Kind::Request, "There is no such coordinate system", "没有这种坐标系"),
    ("unknown-database", Kind::NotFound, "There is no such database", "没有该数据库"),
    ("unknown-district", Kind::NotFound, "There is no such district", "没有该区县"),
    ("unknown-encoding", Kind::Request, "There is no such encoding", "没有这种编码"),
    ("unknown-file", Kind::NotFound, "There is no such file", "没有该文件"),
    ("unknown-format", Kind::Request, "There is no such format", "没有这种格式"),
    ("unknown-kind", Kind::Data, "A file is no table", "文件不是表格"),
    ("unknown-need", Kind::NotFound, "There is no such need", "没有该需求"),
    ("unknown-plugin", Kind::NotFound, "There is no such plugin", "没有该插件"),
    ("unknown-problem", Kind::NotFound, "There is no such problem", "没有该问题类型"),
    ("unknown-query", Kind::NotFound, "There is no such query", "没有该查询"),
    ("unknown-route", Kind::NotFound, "There is nothing here", "没有该接口"),
    ("unknown-run", Kind::NotFound, "There is no such run", "没有该批次"),
    ("unknown-sheet", Kind::NotFound, "There is no such sheet", "没有该工作表"),
    ("unknown-snapshot", Kind::NotFound, "There is no such snapshot", "没有该快照"),
    ("unknown-table", Kind::NotFound, "There is no such table", "没有该表"),
    ("unproven-run", Kind::Data, "A run is not proven", "批次未获证明"),
    ("unreadable-description", Kind::Plugin, "A plugin's description cannot be read", "插件自述无法解析"),
    ("unreadable-file", Kind::Data, "A file cannot be read", "文件无法读取"),
    ("unsupported-media-type", Kind::Request, "The body must be JSON", "请求正文应为 JSON"),
    ("unsupported-type", Kind::Request, "A type of column is not supported", "不支持该列类型"),
    ("unused-scorer", Kind::Request, "The run did not use that scorer", "批次未使用该评分插件"),
    ("weight-count", Kind::Request, "There are too few or many weights", "权重数量有误"),
    ("wrong-plugin", Kind::Request, "The plugin is of another kind", "插件类别不符"),
    ("wrong-plugin-kind", Kind::Request, "The plugin is of another kind", "插件类别不符"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_sorted_and_unique() {
        assert!(ENTRIES.is_sorted_by(|a, b| a.0 < b.0));
    }

    /// The sources say which codes there are: `=> "code"` in the files of errors.
    #[test]
    fn every_code_of_every_crate_is_explained() {
        let engine = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let files = [
            "query/src/error/mod.rs",
            "pool/src/error.rs",
            "plugin/src/error/words.rs",
            "serve/src/error.rs",
        ];
        let mut missing = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(engine.join(file)).expect("the sources of errors");
            let codes = text.lines().filter_map(|it| it.split_once("=> \"")?.1.strip_suffix("\","));
            let is_code = |it: &&str| it.bytes().all(|it| it.is_ascii_lowercase() || b"-8".contains(&it));
            missing.extend(codes.filter(is_code).filter(|it| entry(it).is_none()).map(str::to_owned));
        }
        assert!(missing.is_empty(), "without a title: {missing:?}");
    }
}
