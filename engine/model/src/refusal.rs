//! What it means that the file system refused, in words that people use.

use std::io::{Error, ErrorKind};

use crate::{Kind, Text};

/// Why the system refused, in words.
pub fn refusal(error: &Error) -> Text {
    match error.kind() {
        ErrorKind::NotFound => Text::new("there is no such file or folder", "没有该文件或文件夹"),
        ErrorKind::NotADirectory => {
            Text::new("a part of the path is a file, not a folder", "路径中有一段是文件而不是文件夹")
        }
        ErrorKind::IsADirectory => Text::new("it is a folder", "它是文件夹"),
        ErrorKind::AlreadyExists => Text::new("it exists already", "已经存在"),
        ErrorKind::PermissionDenied => Text::new("this user has no right to", "当前用户没有权限"),
        ErrorKind::ReadOnlyFilesystem => Text::new("the file system is read-only", "文件系统为只读"),
        ErrorKind::StorageFull => Text::new("the disk is full", "磁盘已满"),
        ErrorKind::QuotaExceeded => Text::new("the quota is used up", "磁盘配额已用尽"),
        ErrorKind::FileTooLarge => {
            Text::new("a file may not grow this large here", "文件大小超过了系统允许的上限")
        }
        ErrorKind::InvalidData => Text::new("it is no UTF-8 text", "不是 UTF-8 文本"),
        _ => Text::new(error.to_string(), format!("系统返回 {error}")),
    }
}

/// Who must act when the system refused to make or write a file.
pub fn refusal_kind(error: &Error) -> Kind {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Kind::NotFound,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Kind::Denied,
        ErrorKind::IsADirectory => Kind::Request,
        ErrorKind::AlreadyExists => Kind::Conflict,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Kind::Limit,
        _ => Kind::Internal,
    }
}
