//! The functions of DataFusion that SQL may call.
//!
//! A list of what is allowed: a function that DataFusion learns tomorrow cannot be called until
//! somebody looked whether it reads only its arguments, and how much it makes of them.

use std::sync::Arc;

use datafusion::execution::SessionStateDefaults;
use datafusion::logical_expr::ScalarUDF;

use super::cost::Cost;

/// What they make is about as large as what they are given.
#[rustfmt::skip]
const PLAIN: [&str; 176] = [
    // of any type
    "arrow_cast", "arrow_field", "arrow_metadata", "arrow_try_cast", "arrow_typeof", "cast_to_type", "coalesce",
    "get_field", "greatest", "least", "nullif", "nvl", "nvl2", "try_cast_to_type", "union_extract", "union_tag",
    "version", "with_metadata",
    // times
    "current_date", "current_time", "date_bin", "date_part", "date_trunc", "from_unixtime", "make_date",
    "make_time", "now", "to_date", "to_local_time", "to_time", "to_timestamp", "to_timestamp_micros",
    "to_timestamp_millis", "to_timestamp_nanos", "to_timestamp_seconds", "to_unixtime",
    // numbers
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "cot",
    "degrees", "exp", "factorial", "floor", "gcd", "isnan", "iszero", "lcm", "ln", "log", "log10", "log2",
    "nanvl", "pi", "power", "radians", "random", "round", "signum", "sin", "sinh", "sqrt", "tan", "tanh",
    "trunc",
    // texts
    "ascii", "bit_length", "btrim", "character_length", "chr", "contains", "decode", "digest", "encode",
    "ends_with", "find_in_set", "initcap", "left", "lower", "ltrim", "md5", "octet_length", "regexp_count",
    "regexp_instr", "regexp_like", "reverse", "right", "rtrim", "sha224", "sha256", "sha384", "sha512",
    "split_part", "starts_with", "strpos", "substr", "substr_index", "to_hex", "translate", "upper", "uuid",
    // lists and maps
    "array_add", "array_any_value", "array_avg", "array_compact", "array_dims", "array_distance",
    "array_distinct", "array_element", "array_except", "array_has", "array_intersect", "array_length",
    "array_max", "array_min", "array_ndims", "array_normalize", "array_pop_back", "array_pop_front",
    "array_position", "array_positions", "array_product", "array_remove", "array_remove_all", "array_remove_n",
    "array_reverse", "array_scale", "array_slice", "array_sort", "array_subtract", "array_sum", "cardinality",
    "cosine_distance", "empty", "flatten", "inner_product", "map_entries", "map_extract", "map_keys",
    "map_values", "string_to_array",
    // ours
    "distance_m", "figure", "figure_add", "figure_div", "figure_eq", "figure_ge", "figure_gt", "figure_le",
    "figure_lt", "figure_mul", "figure_sub", "figure_text", "h3_cell", "h3_disk", "reach_ring", "zh_discount",
    "zh_number", "zh_period",
    "division_level", "mask_address", "mask_id", "mask_name", "mask_phone",
    "phone_normal", "resident_id_valid", "uscc_valid",
];

/// What they make or do is counted first.
const COUNTED: [(&str, Cost); 32] = [
    ("array_append", Cost::Sum),
    ("array_concat", Cost::Sum),
    ("array_has_all", Cost::Items),
    ("array_has_any", Cost::Items),
    ("array_prepend", Cost::Sum),
    ("array_repeat", Cost::Filled),
    ("array_replace", Cost::Spread),
    ("array_replace_all", Cost::Spread),
    ("array_replace_n", Cost::Spread),
    ("array_resize", Cost::Resized),
    ("array_to_string", Cost::Spread),
    ("array_union", Cost::Sum),
    ("arrays_zip", Cost::Sum),
    ("concat", Cost::Sum),
    ("concat_ws", Cost::Separated),
    ("generate_series", Cost::Series),
    ("levenshtein", Cost::Characters),
    ("list_common", Cost::Items),
    ("list_covers", Cost::Items),
    ("lpad", Cost::Padded),
    ("make_array", Cost::Sum),
    ("map", Cost::Sum),
    ("named_struct", Cost::Sum),
    ("overlay", Cost::Sum),
    ("range", Cost::Series),
    ("regexp_match", Cost::Grouped),
    ("regexp_replace", Cost::Rewritten),
    ("repeat", Cost::Times),
    ("replace", Cost::Replaced),
    ("rpad", Cost::Padded),
    ("struct", Cost::Sum),
    ("to_char", Cost::Formatted),
];

/// How the cost of a function is counted, where it must be.
pub(super) fn cost(function: &str) -> Option<Cost> {
    COUNTED.iter().find(|(name, _)| *name == function).map(|(_, cost)| *cost)
}

/// The functions of DataFusion that are on the list.
pub(super) fn of_datafusion() -> Vec<Arc<ScalarUDF>> {
    let mut functions = SessionStateDefaults::default_scalar_functions();
    functions.retain(|it| PLAIN.contains(&it.name()) || cost(it.name()).is_some());
    functions
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// They name files of the pool.
    const REFUSED: [&str; 2] = ["file_row_index", "input_file_name"];

    #[test]
    fn every_function_of_datafusion_was_looked_at() {
        let known: BTreeSet<&str> =
            PLAIN.into_iter().chain(COUNTED.iter().map(|(name, _)| *name)).chain(REFUSED).collect();
        assert_eq!(known.len(), PLAIN.len() + COUNTED.len() + REFUSED.len(), "one is named twice");
        let mut there: BTreeSet<String> = super::super::all().iter().map(|it| it.name().to_owned()).collect();
        there.extend(SessionStateDefaults::default_scalar_functions().iter().map(|it| it.name().to_owned()));
        let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
        let (new, gone): (Vec<_>, Vec<_>) =
            (there.difference(&known).collect(), known.difference(&there).collect());
        assert!(new.is_empty() && gone.is_empty(), "not looked at: {new:?}, not there: {gone:?}");
    }
}
