//! Lets statements that read through, and nothing else.
//!
//! Two gates, both lists of what is allowed: the kind of the statement before it is planned,
//! and the kind of every node of its plan, subqueries included. What is on neither list is
//! refused, so that a statement DataFusion learns tomorrow is refused until somebody looked.

use datafusion::common::DataFusionError;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::ast::Statement as Ast;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::{Error, Result};

/// How deeply SQL may be nested.
const DEPTH_MAX: usize = 100;

/// How long SQL may be, in bytes.
const TEXT_MAX: usize = 1 << 20;

/// How many operators and keywords SQL may have. `a OR a OR …` nests without brackets, one
/// level each, and such trees are walked and dropped recursively: this many levels fit into
/// the stack of the session's threads. Lists of values count nothing.
const WORDS_MAX: usize = 5_000;

/// How many tables a statement may name, and how many it may read: a named query is planned
/// wherever it is named. Planning takes its time for each, and cannot be ended.
pub(super) const TABLES_MAX: usize = 64;
pub(super) const READS_MAX: usize = 256;

/// Bytes of texts that stand in the expressions of one node of a plan, and columns it may have:
/// both are there once per row of a batch.
const NODE_TEXT_MAX: usize = 64 << 10;
const NODE_COLUMNS_MAX: usize = 4_096;

/// Reads exactly one statement, and only one that reads.
///
/// **Errors.** [`Error::Sql`] for what is no SQL, [`Error::NotReadOnly`] with the kind of the
/// first statement that does more, [`Error::Over`] for what is too long.
pub(super) fn parse(sql: &str) -> Result<Statement> {
    if sql.len() > TEXT_MAX {
        return Err(Error::over("bytes of SQL", "SQL 的字节数", TEXT_MAX as u64));
    }
    if words(sql) > WORDS_MAX {
        let zh = "SQL 中运算符与关键字的个数";
        return Err(Error::over("operators and keywords of SQL", zh, WORDS_MAX as u64));
    }
    let statements = DFParserBuilder::new(sql)
        .with_dialect(&GenericDialect {})
        .with_recursion_limit(DEPTH_MAX)
        .build()
        .and_then(|mut it| it.parse_statements())
        .map_err(|it| super::fault::translate(it, super::fault::Phase::Planning, &Default::default()))?;
    for statement in &statements {
        if let Some(found) = objection(statement) {
            return Err(Error::NotReadOnly { found });
        }
    }
    let count = statements.len();
    let mut statements = statements.into_iter();
    match (statements.next(), count) {
        (Some(statement), 1) => Ok(statement),
        _ => Err(Error::NotOneStatement { found: count }),
    }
}

/// Counts operators and keywords; what cannot be split into tokens has none, and is refused later.
fn words(sql: &str) -> usize {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().unwrap_or_default();
    let is_word = |it: &&Token| match it {
        Token::Word(word) => {
            !matches!(word.keyword, Keyword::NoKeyword | Keyword::NULL | Keyword::TRUE | Keyword::FALSE)
        }
        Token::Whitespace(_)
        | Token::Comma
        | Token::LParen
        | Token::RParen
        | Token::Period
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Placeholder(_) => false,
        _ => true,
    };
    tokens.iter().filter(is_word).count()
}

/// What is wrong with a statement, if anything is.
fn objection(statement: &Statement) -> Option<String> {
    match statement {
        Statement::Statement(ast) => ast_objection(ast),
        Statement::Explain(explain) if explain.options.analyze => Some("EXPLAIN ANALYZE".to_owned()),
        Statement::Explain(explain) if explain.options.verbose => Some("EXPLAIN VERBOSE".to_owned()),
        Statement::Explain(explain) => objection(&explain.statement),
        Statement::CreateExternalTable(_) => Some("CREATE EXTERNAL TABLE".to_owned()),
        Statement::CopyTo(_) => Some("COPY".to_owned()),
        Statement::Reset(_) => Some("RESET".to_owned()),
    }
}

fn ast_objection(ast: &Ast) -> Option<String> {
    match ast {
        Ast::Query(_) | Ast::ExplainTable { .. } | Ast::ShowTables { .. } | Ast::ShowColumns { .. } => None,
        Ast::Explain { analyze: false, verbose: false, options: None, statement, .. } => {
            ast_objection(statement)
        }
        Ast::Explain { .. } => Some("EXPLAIN ANALYZE".to_owned()),
        other => Some(kind(&other.to_string())),
    }
}

/// The leading words of a statement: enough to know it by.
fn kind(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    match words.as_slice() {
        [verb @ ("CREATE" | "DROP" | "ALTER" | "START"), what] => format!("{verb} {what}"),
        [verb, ..] => (*verb).to_owned(),
        [] => "nothing".to_owned(),
    }
}

/// Checks every node of a plan.
///
/// **Errors.** [`Error::NotReadOnly`] with the kind of the first node that is not allowed,
/// [`Error::Over`] for a node that makes too much of a single row.
pub(super) fn check(plan: &LogicalPlan) -> Result<()> {
    let mut refused = None;
    let walked = plan.apply_with_subqueries(|node| {
        refused = if allowed(node) { too_wide(node) } else { Some(Error::NotReadOnly { found: name(node) }) };
        Ok(if refused.is_none() { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
    });
    match (walked, refused) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => Err(Error::NotReadOnly { found: error.strip_backtrace() }),
        (Ok(_), None) => verify(plan).map_err(|it| Error::NotReadOnly { found: it.strip_backtrace() }),
    }
}

fn too_wide(node: &LogicalPlan) -> Option<Error> {
    // Values are there once, not for every row.
    if matches!(node, LogicalPlan::Values(_)) {
        return None;
    }
    if node.schema().fields().len() > NODE_COLUMNS_MAX {
        return Some(Error::over("columns of a query", "查询的列数", NODE_COLUMNS_MAX as u64));
    }
    let mut bytes = 0;
    // Neither of the two walks can fail: what they do does not.
    let _ = node.apply_expressions(|it| {
        bytes += text_bytes(it);
        Ok(TreeNodeRecursion::Continue)
    });
    let over = || Error::over("bytes of texts in a query", "查询中文本常量的字节数", NODE_TEXT_MAX as u64);
    (bytes > NODE_TEXT_MAX).then(over)
}

fn text_bytes(expr: &Expr) -> usize {
    let mut bytes = 0;
    let _ = expr.apply(|it| {
        Ok(match it {
            Expr::Literal(value, _) => {
                bytes += value.try_as_str().flatten().map_or(0, str::len);
                TreeNodeRecursion::Continue
            }
            // The members of a list are looked up, not repeated.
            Expr::InList(list) => {
                bytes += text_bytes(&list.expr);
                TreeNodeRecursion::Jump
            }
            _ => TreeNodeRecursion::Continue,
        })
    });
    bytes
}

/// DataFusion's own check, in case it knows better.
fn verify(plan: &LogicalPlan) -> Result<(), DataFusionError> {
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(plan)
}

fn allowed(node: &LogicalPlan) -> bool {
    matches!(
        node,
        LogicalPlan::Projection(_)
            | LogicalPlan::Filter(_)
            | LogicalPlan::Window(_)
            | LogicalPlan::Aggregate(_)
            | LogicalPlan::Sort(_)
            | LogicalPlan::Join(_)
            | LogicalPlan::Union(_)
            | LogicalPlan::TableScan(_)
            | LogicalPlan::EmptyRelation(_)
            | LogicalPlan::Subquery(_)
            | LogicalPlan::SubqueryAlias(_)
            | LogicalPlan::Limit(_)
            | LogicalPlan::Values(_)
            | LogicalPlan::Explain(_)
            | LogicalPlan::Distinct(_)
            | LogicalPlan::DescribeTable(_)
            | LogicalPlan::Unnest(_)
            | LogicalPlan::RecursiveQuery(_)
    )
}

fn name(node: &LogicalPlan) -> String {
    match node {
        LogicalPlan::Dml(it) => it.op.to_string().to_uppercase(),
        LogicalPlan::Ddl(it) => spelt(it.name()),
        LogicalPlan::Statement(it) => spelt(it.name()),
        LogicalPlan::Copy(_) => "COPY".to_owned(),
        LogicalPlan::Analyze(_) => "EXPLAIN ANALYZE".to_owned(),
        other => kind(&other.display().to_string()),
    }
}

/// `CreateMemoryTable` as SQL would have it: CREATE MEMORY TABLE.
fn spelt(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_uppercase());
    }
    words
}
