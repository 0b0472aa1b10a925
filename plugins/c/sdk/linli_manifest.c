/* The JSON text of `describe`. */
#include "linli_parts.h"

/* "key": or, after the first, ,"key": */
static void key(linli_builder *out, const char *name)
{
    char last = out->length ? out->at[out->length - 1] : 0;
    if (last && last != '{' && last != '[')
        linli_push_byte(out, ',');
    linli_push_quoted(out, name);
    linli_push_byte(out, ':');
}

static void text(linli_builder *out, const char *name, const char *value)
{
    key(out, name);
    linli_push_quoted(out, value);
}

static void number(linli_builder *out, const char *name, double value)
{
    key(out, name);
    linli_push_number(out, value);
}

static void wording(linli_builder *out, const char *name, linli_wording it)
{
    key(out, name);
    linli_push_byte(out, '{');
    text(out, "zh", it.zh);
    text(out, "en", it.en);
    linli_push_byte(out, '}');
}

/* Texts up to NULL, the brackets included. */
static void list(linli_builder *out, const char *const *items)
{
    linli_push_byte(out, '[');
    for (const char *const *it = items; it && *it; it++) {
        if (it != items)
            linli_push_byte(out, ',');
        linli_push_quoted(out, *it);
    }
    linli_push_byte(out, ']');
}

static void columns(linli_builder *out)
{
    static const char *const types[] = {"f64", "i64", "bool", "text"};
    key(out, "columns");
    if (!linli_plugin.columns) {
        linli_push(out, "[\"*\"]");
        return;
    }
    linli_push_byte(out, '[');
    for (const linli_column_wanted *it = linli_plugin.columns; it->name; it++) {
        linli_push(out, it == linli_plugin.columns ? "{" : ",{");
        text(out, "name", it->name);
        text(out, "type", types[it->type]);
        linli_push_byte(out, '}');
    }
    linli_push_byte(out, ']');
}

static void setting(linli_builder *out, const linli_setting *it)
{
    key(out, it->name);
    linli_push_byte(out, '{');
    switch (it->type) {
    case LINLI_NUMBER:
        text(out, "type", "number");
        number(out, "default", it->standard);
        number(out, "minimum", it->least);
        number(out, "maximum", it->most);
        break;
    case LINLI_SWITCH:
        text(out, "type", "boolean");
        key(out, "default");
        linli_push(out, it->standard != 0 ? "true" : "false");
        break;
    case LINLI_CHOICE:
        text(out, "type", "string");
        text(out, "default", it->options[0]);
        key(out, "enum");
        list(out, it->options);
        break;
    }
    text(out, "description", it->meaning.en);
    text(out, "description_zh", it->meaning.zh);
    linli_push_byte(out, '}');
}

/* The settings as JSON Schema, draft 2020-12. */
static void settings(linli_builder *out)
{
    key(out, "settings");
    linli_push(out, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
    for (const linli_setting *it = linli_plugin.settings; it && it->name; it++)
        setting(out, it);
    linli_push(out, "}}");
}

static void vetoes(linli_builder *out)
{
    key(out, "vetoes");
    linli_push_byte(out, '[');
    for (const linli_veto_code *it = linli_plugin.vetoes; it && it->wording.en; it++) {
        linli_push(out, it == linli_plugin.vetoes ? "{" : ",{");
        number(out, "code", it->code);
        text(out, "zh", it->wording.zh);
        text(out, "en", it->wording.en);
        linli_push_byte(out, '}');
    }
    linli_push_byte(out, ']');
}

const char *linli_described(const char *kind)
{
    linli_builder out = {0};
    linli_push_byte(&out, '{');
    text(&out, "name", linli_plugin.name);
    text(&out, "version", linli_plugin.version);
    text(&out, "kind", kind);
    wording(&out, "title", linli_plugin.title);
    wording(&out, "summary", linli_plugin.summary);
    columns(&out);
    settings(&out);
    vetoes(&out);
    key(&out, "authors");
    list(&out, linli_plugin.authors);
    text(&out, "licence", linli_plugin.licence);
    linli_push_byte(&out, '}');
    return out.at;
}
