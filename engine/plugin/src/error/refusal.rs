//! What keeps a component out: columns it may not have, parts it has too many of.

use serde::Serialize;

use crate::description::ColumnType;

/// Why a plugin does not get a column it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    /// Candidates have no such column.
    Unknown {
        /// The columns they have.
        known: Vec<String>,
    },
    /// It says something about a person.
    Personal {
        /// The class of personal information.
        class: &'static str,
    },
    /// It says who or what it is.
    Identifies,
    /// It is what scoring leads to.
    Outcome,
    /// Its values are of another type.
    OtherType {
        /// What the plugin asks for.
        asked: ColumnType,
        /// What it is; none where plugins have no word for it.
        offered: Option<ColumnType>,
    },
}

/// What a component is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Core instances.
    Instances,
    /// Linear memories.
    Memories,
    /// Tables.
    Tables,
    /// Elements of one table.
    TableElements,
    /// Instances, those inside components inside it included.
    NestedInstances,
    /// Loops inside each other.
    NestedLoops,
    /// Steps of compiling one function.
    FunctionSteps,
    /// Steps of compiling all of it.
    Steps,
}

impl Refusal {
    /// What follows "asks for column `x`: ".
    pub(super) fn en(&self) -> String {
        match self {
            Self::Unknown { .. } => "candidates have no such column".to_owned(),
            Self::Personal { class } => format!("it is classed {class}"),
            Self::Identifies => "a plugin sees columns, never who it is".to_owned(),
            Self::Outcome => "it is what scoring leads to".to_owned(),
            Self::OtherType { asked, offered: Some(offered) } => {
                format!("it holds {}, not {}", offered.as_str(), asked.as_str())
            }
            Self::OtherType { asked, offered: None } => {
                format!("it holds what no plugin is given, not {}", asked.as_str())
            }
        }
    }

    /// The same in Chinese.
    pub(super) fn zh(&self) -> String {
        match self {
            Self::Unknown { .. } => "候选没有该列".to_owned(),
            Self::Personal { class } => {
                let class = match *class {
                    "quasi_identifier" => "间接标识",
                    "contact" => "联系方式",
                    "identity" => "身份标识",
                    _ => "敏感信息",
                };
                format!("该列属于个人信息（{class}）")
            }
            Self::Identifies => "插件只能看到特征，不能看到编号".to_owned(),
            Self::Outcome => "该列是评分之后才有的结果".to_owned(),
            Self::OtherType { asked, offered: Some(offered) } => {
                format!("该列的类型为 {}，而非 {}", offered.as_str(), asked.as_str())
            }
            Self::OtherType { asked, offered: None } => {
                format!("该列的类型不能交给插件，也不是 {}", asked.as_str())
            }
        }
    }
}

impl Part {
    /// In English and in Chinese.
    pub(super) const fn words(self) -> [&'static str; 2] {
        match self {
            Self::Instances => ["core instances", "个核心实例"],
            Self::Memories => ["memories", "块内存"],
            Self::Tables => ["tables", "张表"],
            Self::TableElements => ["elements in one table", "项（单张表）"],
            Self::NestedInstances => ["instances, nested ones included", "个实例（含嵌套）"],
            Self::NestedLoops => ["loops inside each other", "层嵌套循环"],
            Self::FunctionSteps => ["steps to compile in one function", "步编译（单个函数）"],
            Self::Steps => ["steps to compile", "步编译（全部函数）"],
        }
    }
}
