//! What is wrong with a command line, in Chinese: the parser speaks English alone.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Words an error of the parser.
pub fn zh(error: &Error) -> String {
    let text = |kind| error.get(kind).map(shown).unwrap_or_default();
    let (argument, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let words = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let near = text(ContextKind::SuggestedSubcommand);
            format!("没有名为 {} 的命令{}", text(ContextKind::InvalidSubcommand), meant(&near))
        }
        ErrorKind::UnknownArgument => {
            format!("没有名为 {argument} 的选项{}", meant(&text(ContextKind::SuggestedArg)))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 需要一个值"),
        ErrorKind::InvalidValue => {
            format!("{argument} 的值 {value} 无效，可用：{}", text(ContextKind::ValidValue))
        }
        ErrorKind::ValueValidation => format!("{argument} 的值 {value} 无效"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能与 {} 同时使用", text(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => format!("{argument} 的值的个数不对"),
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文本".to_owned(),
        _ => "命令行有误".to_owned(),
    };
    let usage = text(ContextKind::Usage);
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    let usage = if usage.is_empty() { String::new() } else { format!("\n用法：{usage}") };
    format!("{words}{usage}\n详见 --help")
}

fn meant(near: &str) -> String {
    if near.is_empty() { String::new() } else { format!("，是否想写 {near}？") }
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join("、"),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::args::Args;

    #[test]
    fn what_is_wrong_is_said_in_chinese() {
        for (line, words) in [
            ("linli lod p", "没有名为 lod 的命令，是否想写 load？"),
            ("linli load p volunteer a.csv --mod append", "没有名为 --mod 的选项，是否想写 --mode？"),
            (
                "linli load p volunteer a.csv --mode add",
                "--mode <MODE> 的值 add 无效，可用：upsert、replace、append",
            ),
            ("linli load p volunteer a.csv --mode", "--mode <MODE> 需要一个值"),
            ("linli load p", "缺少 <TABLE>、<FILES>..."),
            ("linli check-plan p", "缺少 <FILE>"),
            ("linli check-plam p plan.csv", "没有名为 check-plam 的命令，是否想写 check-plan？"),
            ("linli check-plan p plan.csv --form 2024", "没有名为 --form 的选项，是否想写 --from？"),
            ("linli load p volunteer a.csv --header-row x", "--header-row <LINE> 的值 x 无效"),
        ] {
            let Err(error) = Args::try_parse_from(line.split(' ')) else { panic!("{line}") };
            let said = super::zh(&error);
            assert_eq!(said.lines().next(), Some(words), "{line}: {said}");
        }
    }
}
