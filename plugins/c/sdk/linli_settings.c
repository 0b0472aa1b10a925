/* Settings: read against the manifest, whatever is left out filled with its default.
 *
 * A value is read as its setting declares it, so no general reader of JSON is needed.
 */
#include "linli_parts.h"

typedef struct {
    bool is_given;
    double number;
    const char *word;
} value;

struct linli_settings {
    value *values; /* as the manifest's settings */
};

static const char *number_text(double number)
{
    linli_builder out = {0};
    linli_push_number(&out, number);
    return out.at;
}

static bool read_value(linli_reader *in, const linli_setting *setting, value *it)
{
    const char *name = setting->name;
    switch (setting->type) {
    case LINLI_NUMBER:
        if (linli_peek(in) != '-' && !(linli_peek(in) >= '0' && linli_peek(in) <= '9'))
            return linli_fail(in, LINLI_JOINED("`", name, "` must be a number"));
        if (!linli_read_number(in, &it->number))
            return false;
        if (it->number >= setting->least && it->number <= setting->most)
            return true;
        return linli_fail(in, LINLI_JOINED("`", name, "` is ", number_text(it->number), ", expected ",
                                     number_text(setting->least), " to ", number_text(setting->most)));
    case LINLI_SWITCH:
        it->number = linli_word(in, "true");
        return it->number != 0 || linli_word(in, "false") ||
               linli_fail(in, LINLI_JOINED("`", name, "` must be true or false"));
    case LINLI_CHOICE:
        if (linli_peek(in) == '"' && !linli_read_text(in, &it->word))
            return false;
        for (const char *const *option = setting->options; it->word && *option; option++)
            if (__builtin_strcmp(it->word, *option) == 0)
                return true;
        linli_builder options = {0};
        for (const char *const *option = setting->options; *option; option++) {
            linli_push(&options, option == setting->options ? "" : ", ");
            linli_push(&options, *option);
        }
        return linli_fail(in, LINLI_JOINED("`", name, "` must be one of: ", options.at));
    }
    return linli_fail(in, "a setting of no type");
}

/* The place of a setting in the manifest; -1 where there is none. */
static int place_of(const char *name)
{
    for (int i = 0; linli_plugin.settings && linli_plugin.settings[i].name; i++)
        if (__builtin_strcmp(linli_plugin.settings[i].name, name) == 0)
            return i;
    return -1;
}

static bool read_entry(linli_reader *in, value *values)
{
    const char *name = NULL;
    linli_space(in);
    if (!linli_read_text(in, &name))
        return false;
    linli_space(in);
    if (!linli_eat(in, ':'))
        return linli_expected(in, "`:`");
    int place = place_of(name);
    if (place < 0)
        return linli_fail(in, LINLI_JOINED("unknown setting `", name, "`"));
    if (values[place].is_given)
        return linli_fail(in, LINLI_JOINED("key `", name, "` occurs twice"));
    values[place].is_given = true;
    values[place].word = NULL;
    linli_space(in);
    return read_value(in, &linli_plugin.settings[place], &values[place]);
}

static bool read_object(linli_reader *in, value *values)
{
    linli_space(in);
    if (!linli_eat(in, '{'))
        return linli_fail(in, "expected an object");
    linli_space(in);
    if (!linli_eat(in, '}')) {
        do {
            if (!read_entry(in, values))
                return false;
            linli_space(in);
        } while (linli_eat(in, ','));
        if (!linli_eat(in, '}'))
            return linli_expected(in, "`,` or `}`");
    }
    linli_space(in);
    return in->at == in->length || linli_expected(in, "the end");
}

linli_fault linli_read_settings(const char *text, size_t length, const linli_settings **read)
{
    size_t count = 0;
    while (linli_plugin.settings && linli_plugin.settings[count].name)
        count++;
    linli_settings *settings = linli_alloc(sizeof *settings);
    settings->values = linli_alloc(count * sizeof *settings->values);
    for (size_t i = 0; i < count; i++) {
        const linli_setting *it = &linli_plugin.settings[i];
        settings->values[i].number = it->standard;
        settings->values[i].word = it->type == LINLI_CHOICE ? it->options[0] : NULL;
    }
    linli_reader in = {text, length, 0, {LINLI_FINE, NULL}};
    read_object(&in, settings->values);
    *read = settings;
    return in.fault;
}

static const value *get(const linli_settings *settings, const char *name, linli_setting_type type)
{
    int place = place_of(name);
    if (place < 0 || linli_plugin.settings[place].type != type)
        linli_stop(LINLI_JOINED("the manifest declares no such setting: ", name));
    return &settings->values[place];
}

double linli_number(const linli_settings *settings, const char *name)
{
    return get(settings, name, LINLI_NUMBER)->number;
}

bool linli_switch(const linli_settings *settings, const char *name)
{
    return get(settings, name, LINLI_SWITCH)->number != 0;
}

linli_text linli_choice(const linli_settings *settings, const char *name)
{
    const char *word = get(settings, name, LINLI_CHOICE)->word;
    return (linli_text){word, __builtin_strlen(word)};
}
