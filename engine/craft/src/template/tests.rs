use super::*;

fn plugins() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins")
}

/// Every file below a folder, but what tools leave behind.
fn below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() && name != "__pycache__" {
            found.extend(below(&entry.path()).into_iter().map(|it| format!("{name}/{it}")));
        } else if !entry.path().is_dir() && !name.ends_with(".wasm") {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// A test of the SDK itself is of no use to a plugin.
#[test]
fn what_is_embedded_is_what_the_folders_hold() {
    for (folder, files) in [
        ("rust/template", RUST),
        ("python/template", PYTHON),
        ("c/template", C),
        ("sdk", RUST_SDK),
        ("python/linli_sdk", PYTHON_SDK),
        ("c/sdk", C_SDK),
    ] {
        let mut found = below(&plugins().join(folder));
        found.retain(|it| folder != "c/sdk" || !it.starts_with("test"));
        let embedded: Vec<&str> = files.iter().map(|it| it.0).collect();
        assert_eq!(embedded, found, "{folder}");
    }
}

#[test]
fn a_project_bears_the_name_of_its_folder() {
    let place = tempfile::tempdir().unwrap();
    for language in Language::ALL {
        let folder = place.path().join(format!("warm-meals-{language}"));
        let written = new_project(language, &folder).unwrap();
        assert!(written.iter().all(|it| it.is_file()));
        assert_eq!(Language::of(&folder).unwrap(), language);
        let all: String = written.iter().map(|it| fs::read_to_string(it).unwrap()).collect();
        assert!(all.contains(&format!("warm-meals-{language}")));
        for old in [TEMPLATE_NAME, "my_plugin", "MyPlugin"] {
            assert!(!all.contains(old), "{language}: {old}");
        }
    }
}

#[test]
fn nothing_is_written_over() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("mine");
    new_project(Language::C, &folder).unwrap();
    let error = new_project(Language::Rust, &folder).unwrap_err();
    assert_eq!(error.text().zh, format!("{} 不为空", folder.display()));
    assert!(!folder.join("Cargo.toml").exists());
}

#[test]
fn a_name_no_plugin_can_have_is_refused() {
    for name in ["Mine", "my_plugin", "a--b", "-a", "7days", "社区", "", &"a".repeat(65)] {
        let refused = new_project(Language::Python, Path::new(name)).unwrap_err();
        assert!(matches!(refused, Error::Request(_)), "{name}: {refused}");
    }
}

/// The SDK is copied with the manifest it has at home, so a project must define what it inherits.
#[test]
fn a_rust_project_inherits_what_the_sdk_inherits_here() {
    let read = |path: &str| fs::read_to_string(plugins().join(path)).unwrap();
    let (home, project) = (read("../Cargo.toml"), read("rust/template/Cargo.toml"));
    let line = |text: &str, start: &str| -> Vec<String> {
        text.lines().filter(|it| it.starts_with(start)).map(str::to_owned).collect()
    };
    for start in ["wit-bindgen = ", "edition = ", "rust-version = ", "license = ", "publish = "] {
        let (here, there) = (line(&home, start), line(&project, start));
        assert_eq!(here, there, "{start}");
    }
    let profile = |text: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|it| *it != "[profile.plugin]").skip(1);
        lines.take_while(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(profile(&home), profile(&project));
    let sums = line(&read("rust/template/Cargo.lock"), "checksum = ");
    let known = read("../Cargo.lock");
    assert!(sums.len() == 1 && sums.iter().all(|it| known.contains(it)), "{sums:?}");
}
