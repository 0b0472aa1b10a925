//! A table or query of a PostgreSQL database as rows of texts.
//!
//! ```text
//! address ─connect─▶ read-only transaction ─prepare─▶ columns ─cursor─▶ pieces
//! ```
//!
//! Everything is asked in one transaction that may only read and sees one state of the database.
//! The statement is prepared first, which takes exactly one, and then becomes a cursor, which
//! takes only what gives rows. Rows are fetched 10,000 at a time and handed on as they come.
//!
//! The password is part of the address and goes nowhere else: everything that is said or written
//! down calls the database by [`shown`].
//!
//! TLS is not spoken. Rather than fall back to plain text, an address elsewhere than on this
//! machine must say `sslmode=disable`.

use std::net::IpAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use futures::{StreamExt, pin_mut};
use linli_model::{Kind, TableSchema, Text};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::{Kind as TypeKind, Type};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage, Statement};

use super::nearest::nearest;
use super::options::LoadOptions;
use super::record::{OddCell, TextRows};
use crate::error::{Error, Result};
use crate::store::engine;

mod value;

use value::{Shape, text};

/// How addresses begin.
const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// How long a server may take to say anything, where the address does not say it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// One state of the database, reading only, and values in one spelling whatever the server is
/// set to.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601'; \
    SET LOCAL extra_float_digits = 1";

const FETCH: &str = "FETCH 10000 FROM linli_rows";

/// Rows of a database, fetched by a thread of their own: the client wants a runtime, and those
/// who take the rows have none.
pub(super) struct Database {
    pieces: Receiver<Result<TextRows>>,
    headers: Vec<String>,
    /// The table, if no query was asked.
    pub(super) table: Option<String>,
}

/// What to ask.
struct Question {
    shown: String,
    statement: String,
    table: Option<String>,
}

/// Whether a file is the address of a database.
pub(super) fn is_one(path: &Path) -> bool {
    address(path).is_some()
}

/// The file for people: an address without the password, and without whatever else it says.
pub(super) fn shown(path: &Path) -> String {
    let Some(address) = address(path) else { return path.display().to_string() };
    let Some(config) = parsed(address) else { return "postgresql://…".to_owned() };
    let user = config.get_user().map(|it| format!("{it}@")).unwrap_or_default();
    let hosts: Vec<String> =
        config.get_hosts().iter().enumerate().map(|(at, host)| host_shown(&config, at, host)).collect();
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("postgresql://{user}{}/{database}", hosts.join(","))
}

fn host_shown(config: &Config, at: usize, host: &Host) -> String {
    let ports = config.get_ports();
    let port = ports.get(at).or(ports.first()).copied().filter(|it| *it != 5432);
    let port = port.map(|it| format!(":{it}")).unwrap_or_default();
    match host {
        Host::Tcp(name) => format!("{name}{port}"),
        Host::Unix(folder) => format!("{}{port}", folder.display()),
    }
}

/// An address that is one. A sign in a password that is not written as it must be could make a
/// host of the password's end.
fn parsed(address: &str) -> Option<Config> {
    let config = address.parse::<Config>().ok()?;
    let is_name = |it: &Host| match it {
        Host::Tcp(name) => !name.contains(['@', ':']) || name.parse::<IpAddr>().is_ok(),
        Host::Unix(_) => true,
    };
    (!config.get_hosts().is_empty() && config.get_hosts().iter().all(is_name)).then_some(config)
}

fn address(path: &Path) -> Option<&str> {
    path.to_str().filter(|it| SCHEMES.iter().any(|scheme| it.starts_with(scheme)))
}

impl Database {
    /// Connects and finds the columns of the table or query.
    ///
    /// **Errors.** [`Error::Database`].
    pub(super) fn open(path: &Path, table: &TableSchema, options: &LoadOptions) -> Result<Self> {
        let shown = shown(path);
        let config = config(address(path).unwrap_or_default(), &shown)?;
        let name = options.sheet.clone().unwrap_or_else(|| table.name.clone());
        let question = match &options.query {
            Some(query) => {
                Question { shown, statement: query.trim().trim_end_matches(';').to_owned(), table: None }
            }
            None => {
                Question { shown, statement: format!("SELECT * FROM {}", quoted(&name)), table: Some(name) }
            }
        };
        let table = question.table.clone();
        let (opened, headers) = sync_channel(1);
        // Few pieces wait, so that the server is asked for no more than is taken.
        let (sender, pieces) = sync_channel(2);
        std::thread::Builder::new()
            .name("linli-database".to_owned())
            .spawn(move || run(&config, &question, &opened, &sender))
            .map_err(engine)?;
        let headers = headers.recv().map_err(engine)??;
        Ok(Self { pieces, headers, table })
    }

    /// The names of the columns.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The next rows; none at the end.
    pub(super) fn next_piece(&mut self) -> Result<Option<TextRows>> {
        self.pieces.recv().ok().transpose()
    }
}

fn config(address: &str, shown: &str) -> Result<Config> {
    let refused = |code, cause: Text, hint: Text| Error::Database {
        database: shown.to_owned(),
        code,
        kind: Kind::Request,
        cause,
        hint: Some(Box::new(hint)),
    };
    // What the parser says is not passed on: it may quote the address, and the password with it.
    let mut config = parsed(address).ok_or_else(|| {
        refused(
            "bad-database",
            Text::new(
                "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
                "应为 postgresql://用户:密码@主机:端口/数据库",
            ),
            Text::new(
                "in a password write @ : / ? # % as %40 %3A %2F %3F %23 %25; of sslmode only disable is known",
                "密码中的 @ : / ? # % 请写作 %40 %3A %2F %3F %23 %25；sslmode 仅支持 disable",
            ),
        )
    })?;
    let is_plain = config.get_ssl_mode() == SslMode::Disable
        || (config.get_ssl_mode() == SslMode::Prefer && is_local(&config));
    if !is_plain {
        return Err(refused(
            "no-tls",
            Text::new(
                "TLS is not supported yet, and rows do not go over a network unprotected by themselves",
                "尚不支持 TLS，且默认不以明文经网络传输数据",
            ),
            Text::new(
                "where the way to the server is safe, add ?sslmode=disable; else take a tunnel to localhost",
                "如到服务器的线路是安全的，请加上 ?sslmode=disable；否则请经隧道连到 localhost",
            ),
        ));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    config.application_name("linli");
    Ok(config)
}

fn is_local(config: &Config) -> bool {
    let is_loopback = |it: &str| it == "localhost" || it.parse().is_ok_and(|it: IpAddr| it.is_loopback());
    config.get_hostaddrs().iter().all(IpAddr::is_loopback)
        && config.get_hosts().iter().all(|it| match it {
            Host::Tcp(name) => is_loopback(name) || !config.get_hostaddrs().is_empty(),
            Host::Unix(_) => true,
        })
}

/// `schema.table` in quotes, so that it is a name whatever is in it.
fn quoted(name: &str) -> String {
    let parts = name.split('.').map(|it| it.trim_matches('"').replace('"', "\"\""));
    parts.map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(".")
}

fn run(
    config: &Config,
    question: &Question,
    opened: &SyncSender<Result<Vec<String>>>,
    sender: &SyncSender<Result<TextRows>>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(it) => it,
        Err(error) => return drop(opened.send(Err(engine(error)))),
    };
    runtime.block_on(async {
        let columns = match open(config, question).await {
            Ok(it) => it,
            Err(error) => return drop(opened.send(Err(error))),
        };
        let (client, statement, shapes) = columns;
        let headers = statement.columns().iter().map(|it| it.name().to_owned()).collect();
        if opened.send(Ok(headers)).is_err() {
            return;
        }
        if let Err(error) = fetch(&client, question, &shapes, sender).await {
            // Whoever does not listen any more has an error of their own.
            sender.send(Err(error)).ok();
        }
    });
}

async fn open(config: &Config, question: &Question) -> Result<(Client, Statement, Vec<Shape>)> {
    let failed = |it: tokio_postgres::Error| question.failed(&it);
    let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
    // It ends when the client is dropped; what goes wrong in it the client's calls say.
    tokio::spawn(connection);
    client.batch_execute(BEGIN).await.map_err(failed)?;
    let statement = match client.prepare(&question.statement).await {
        Ok(it) => it,
        Err(error) => return Err(question.refused(config, &error).await),
    };
    let mut shapes = Vec::new();
    for column in statement.columns() {
        let shape = shape(column.type_()).ok_or_else(|| question.binary(column.name()))?;
        shapes.push(shape);
    }
    if !statement.params().is_empty() {
        let cause =
            Text::new("the statement has parameters, expected values", "语句中含有参数，应为具体的值");
        return Err(question.error("bad-sql", Kind::Request, cause, None));
    }
    if shapes.is_empty() {
        return Err(question.error(
            "bad-sql",
            Kind::Request,
            Text::new(
                "the statement gives no columns, expected a SELECT",
                "该语句没有返回列，应为 SELECT 查询",
            ),
            None,
        ));
    }
    let declare = format!("DECLARE linli_rows NO SCROLL CURSOR FOR {}", question.statement);
    client.execute(&declare, &[]).await.map_err(failed)?;
    Ok((client, statement, shapes))
}

/// How values of a type are spelt; none for bytes.
fn shape(value_type: &Type) -> Option<Shape> {
    match value_type.kind() {
        TypeKind::Array(item) => shape(item).map(|_| Shape::List),
        TypeKind::Domain(inner) => shape(inner),
        _ if *value_type == Type::BYTEA => None,
        _ if *value_type == Type::BOOL => Some(Shape::Boolean),
        _ if [Type::TIMESTAMP, Type::TIMESTAMPTZ].contains(value_type) => Some(Shape::Instant),
        _ => Some(Shape::Text),
    }
}

async fn fetch(
    client: &Client,
    question: &Question,
    shapes: &[Shape],
    sender: &SyncSender<Result<TextRows>>,
) -> Result<()> {
    let failed = |it: tokio_postgres::Error| question.failed(&it);
    let mut piece = TextRows::of_width(shapes.len());
    let (mut row_number, mut cells) = (0, vec![String::new(); shapes.len()]);
    loop {
        let before = row_number;
        let messages = client.simple_query_raw(FETCH).await.map_err(failed)?;
        pin_mut!(messages);
        while let Some(message) = messages.next().await {
            let SimpleQueryMessage::Row(row) = message.map_err(failed)? else { continue };
            row_number += 1;
            let at = piece.len();
            for (column, shape) in shapes.iter().enumerate() {
                let found = row.try_get(column).map_err(failed)?;
                let (cell, oddities) = found.map_or_else(Default::default, |it| text(*shape, it));
                cells[column] = cell;
                piece.odd.extend(oddities.into_iter().map(|it| OddCell { row: at, column, oddity: it }));
            }
            piece.push(row_number, &cells);
            if piece.is_piece() {
                let full = std::mem::replace(&mut piece, TextRows::of_width(shapes.len()));
                if sender.send(Ok(full)).is_err() {
                    return Ok(());
                }
            }
        }
        if row_number == before {
            break;
        }
    }
    if !piece.is_empty() {
        sender.send(Ok(piece)).ok();
    }
    Ok(())
}

impl Question {
    fn error(&self, code: &'static str, kind: Kind, cause: Text, hint: Option<Text>) -> Error {
        Error::Database { database: self.shown.clone(), code, kind, cause, hint: hint.map(Box::new) }
    }

    fn binary(&self, column: &str) -> Error {
        self.error(
            "bad-sql",
            Kind::Request,
            Text::new(
                format!("column `{column}` holds bytes (bytea), expected texts, numbers or times"),
                format!("列 {column} 为二进制（bytea），应为文字、数字或时间"),
            ),
            Some(Text::new("ask for the other columns with --query", "请用 --query 只查询其他列")),
        )
    }

    /// Words why a statement was not accepted; names the tables that may be meant.
    async fn refused(&self, config: &Config, error: &tokio_postgres::Error) -> Error {
        let is_unknown = error.code().is_some_and(|it| ["42P01", "3F000"].contains(&it.code()));
        let Some(table) = self.table.as_ref().filter(|_| is_unknown) else { return self.failed(error) };
        // The transaction is broken off by the error, so others answer this.
        let tables = tables(config).await.unwrap_or_default();
        let short = |it: &str| it.strip_prefix("public.").unwrap_or(it).to_owned();
        let names: Vec<String> = tables.iter().map(|it| short(it)).collect();
        let near = nearest(&short(table), names.iter().map(String::as_str));
        let listed = || (!names.is_empty()).then(|| names.iter().take(10).cloned().collect::<Vec<_>>());
        let hint = match near {
            Some(it) => Some(Text::new(format!("did you mean `{it}`?"), format!("是否想写 {it}？"))),
            None => listed().map(|it| {
                Text::new(
                    format!("name it with --sheet; there are {}", it.join(", ")),
                    format!("请用 --sheet 指定，现有：{}", it.join("、")),
                )
            }),
        };
        let cause = Text::new(format!("there is no table `{table}`"), format!("没有名为 {table} 的表"));
        self.error("unknown-table", Kind::NotFound, cause, hint)
    }

    /// Words what the server or the way to it says.
    fn failed(&self, error: &tokio_postgres::Error) -> Error {
        let Some(told) = error.as_db_error() else {
            let mut words = error.to_string();
            if let Some(source) = std::error::Error::source(error) {
                words = format!("{words}: {source}");
            }
            let cause = Text::new(format!("no answer ({words})"), format!("数据库没有应答（{words}）"));
            let hint = Text::new(
                "see whether the server runs and the address is right",
                "请检查服务器是否运行、地址是否正确",
            );
            return self.error("database-unreachable", Kind::NotFound, cause, Some(hint));
        };
        let (state, message) = (told.code().code(), told.message());
        let cause =
            Text::new(format!("{message} (SQLSTATE {state})"), format!("{message}（SQLSTATE {state}）"));
        let hint = told.hint().map(|it| Text::new(it, it));
        let (code, kind) = match state {
            // No such user, wrong password, no rights; writing in a transaction that reads.
            _ if state.starts_with("28") => ("database-denied", Kind::Denied),
            "42501" => ("database-denied", Kind::Denied),
            "25006" => ("not-read-only", Kind::Denied),
            "3D000" => ("unknown-database", Kind::NotFound),
            _ if state.starts_with("08") || state.starts_with("57") => {
                ("database-unreachable", Kind::NotFound)
            }
            _ if state.starts_with("53") || state.starts_with("54") => ("database-limit", Kind::Limit),
            // What rows hold, e.g. a division by zero.
            _ if state.starts_with("22") => ("bad-value", Kind::Data),
            _ => ("bad-sql", Kind::Request),
        };
        self.error(code, kind, cause, hint)
    }
}

/// The tables and views that may be read, in the order of their names.
async fn tables(config: &Config) -> Result<Vec<String>, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    let rows = client
        .query(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables \
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 LIMIT 1000",
            &[],
        )
        .await?;
    rows.iter().map(|it| it.try_get(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_of(address: &str) -> String {
        shown(Path::new(address))
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        let plain = "postgresql://clerk@db.example:6000/city";
        assert_eq!(shown_of("postgres://clerk:s3cret%2F@db.example:6000/city?connect_timeout=3"), plain);
        assert_eq!(
            shown_of("postgresql://localhost/city?user=clerk&password=s3cret"),
            "postgresql://clerk@localhost/city"
        );
        assert_eq!(shown_of("postgresql://clerk:s3c@ret@db/city"), "postgresql://…");
        assert_eq!(shown_of("postgresql://clerk:s3cret@db/city?sslmode=never"), "postgresql://…");
        assert_eq!(shown_of("postgres/file.csv"), "postgres/file.csv");
    }

    #[test]
    fn rows_do_not_cross_a_network_unprotected_unless_told() {
        let code = |it: &str| match config(it, "db") {
            Ok(_) => "",
            Err(Error::Database { code, .. }) => code,
            Err(_) => "other",
        };
        assert_eq!(code("postgresql://clerk@localhost/city"), "");
        assert_eq!(code("postgresql://clerk@127.0.0.1/city"), "");
        assert_eq!(code("postgresql://clerk@%2Ftmp/city"), "");
        assert_eq!(code("postgresql://clerk@db.example/city"), "no-tls");
        assert_eq!(code("postgresql://clerk@localhost/city?sslmode=require"), "no-tls");
        assert_eq!(code("postgresql://clerk@localhost/city?sslmode=verify-full"), "bad-database");
        assert_eq!(code("postgresql://clerk@db.example/city?sslmode=disable"), "");
    }

    #[test]
    fn a_name_stays_a_name() {
        assert_eq!(quoted("public.need"), r#""public"."need""#);
        assert_eq!(quoted(r#"x"; DROP TABLE need; --"#), r#""x""; DROP TABLE need; --""#);
        assert_eq!(quoted("\"Need\""), "\"Need\"");
    }
}
