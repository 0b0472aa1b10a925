/* Reads the parts of JSON that settings are made of, RFC 8259. */
#include "linli_parts.h"

bool linli_fail(linli_reader *in, const char *text)
{
    if (in->fault.kind == LINLI_FINE)
        in->fault = (linli_fault){LINLI_BAD_SETTINGS, text};
    return false;
}

bool linli_expected(linli_reader *in, const char *what)
{
    linli_builder place = {0};
    linli_push_number(&place, (double)in->at);
    return linli_fail(in, LINLI_JOINED("expected ", what, " at byte ", place.at, " of the JSON"));
}

int linli_peek(const linli_reader *in)
{
    return in->at < in->length ? (unsigned char)in->text[in->at] : -1;
}

bool linli_eat(linli_reader *in, char byte)
{
    bool found = linli_peek(in) == (unsigned char)byte;
    in->at += found;
    return found;
}

void linli_space(linli_reader *in)
{
    for (int it = linli_peek(in); it == ' ' || it == '\t' || it == '\n' || it == '\r'; it = linli_peek(in))
        in->at++;
}

bool linli_word(linli_reader *in, const char *it)
{
    size_t length = __builtin_strlen(it);
    if (in->length - in->at < length || __builtin_memcmp(in->text + in->at, it, length) != 0)
        return false;
    in->at += length;
    return true;
}

/* ---- Texts ---- */

/* Four hexadecimal digits. */
static bool unit(linli_reader *in, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, in->at++) {
        int byte = linli_peek(in), letter = byte | 32;
        if (byte >= '0' && byte <= '9')
            *code = *code * 16 + (uint32_t)(byte - '0');
        else if (letter >= 'a' && letter <= 'f')
            *code = *code * 16 + (uint32_t)(letter - 'a') + 10;
        else
            return linli_expected(in, "a hexadecimal digit");
    }
    return true;
}

static void push_utf8(linli_builder *out, uint32_t code)
{
    if (code < 0x80) {
        linli_push_byte(out, (char)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xC0, 0xE0, 0xF0};
    linli_push_byte(out, (char)(first[more] | code >> 6 * more));
    while (more-- > 0)
        linli_push_byte(out, (char)(0x80 | (code >> 6 * more & 0x3F)));
}

/* What follows a backslash. */
static bool escape(linli_reader *in, linli_builder *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    for (int i = 0; letters[i]; i++) {
        if (linli_eat(in, letters[i])) {
            linli_push_byte(out, meanings[i]);
            return true;
        }
    }
    uint32_t code, low;
    if (!linli_eat(in, 'u'))
        return linli_expected(in, "an escape");
    if (!unit(in, &code))
        return false;
    /* Two units of UTF-16 stand for a character beyond the first plane. */
    if (code >= 0xD800 && code < 0xDC00) {
        if (!linli_eat(in, '\\') || !linli_eat(in, 'u') || !unit(in, &low) || low < 0xDC00 || low > 0xDFFF)
            return linli_expected(in, "a low surrogate");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code == 0 || (code >= 0xDC00 && code < 0xE000)) {
        return linli_expected(in, "a character");
    }
    push_utf8(out, code);
    return true;
}

bool linli_read_text(linli_reader *in, const char **text)
{
    linli_builder out = {0};
    if (!linli_eat(in, '"'))
        return linli_expected(in, "a text");
    while (!linli_eat(in, '"')) {
        int byte = linli_peek(in);
        if (byte < ' ')
            return linli_expected(in, byte < 0 ? "`\"`" : "no control character");
        in->at++;
        if (byte != '\\')
            linli_push_byte(&out, (char)byte);
        else if (!escape(in, &out))
            return false;
    }
    *text = out.at ? out.at : "";
    return true;
}

/* ---- Numbers ---- */

/* Digits, each into the mantissa while it fits; `places` is how many of them are in it. */
static bool digits(linli_reader *in, uint64_t *mantissa, int *places, int *dropped)
{
    size_t start = in->at;
    for (; linli_peek(in) >= '0' && linli_peek(in) <= '9'; in->at++) {
        if (*mantissa < 100000000000000000u) {
            *mantissa = *mantissa * 10 + (uint64_t)(linli_peek(in) - '0');
            ++*places;
        } else {
            ++*dropped;
        }
    }
    return in->at > start || linli_expected(in, "a digit");
}

/* Exact up to 22. */
static double power_of_ten(int exponent)
{
    double power = 1;
    for (; exponent > 0; exponent--)
        power *= 10;
    return power;
}

/* value * 10^exponent; exact up to 15 digits and 22 places, nothing below 1e-40 but zero. */
static double scaled(double value, int exponent)
{
    while (exponent < 0 && value > 0) {
        int step = exponent < -22 ? 22 : -exponent;
        value = value > 1e-40 ? value / power_of_ten(step) : 0;
        exponent += step;
    }
    return exponent > 0 ? value * power_of_ten(exponent) : value;
}

bool linli_read_number(linli_reader *in, double *number)
{
    uint64_t mantissa = 0, exponent = 0;
    int whole = 0, fraction = 0, large = 0, small = 0, unused = 0;
    bool negative = linli_eat(in, '-');
    /* A leading zero stands alone: 01 is no JSON. */
    if (!linli_eat(in, '0') && !digits(in, &mantissa, &whole, &large))
        return false;
    if (linli_eat(in, '.') && !digits(in, &mantissa, &fraction, &small))
        return false;
    bool is_down = false;
    if (linli_eat(in, 'e') || linli_eat(in, 'E')) {
        is_down = linli_eat(in, '-');
        if (!is_down)
            linli_eat(in, '+');
        if (!digits(in, &exponent, &unused, &unused))
            return false;
    }
    int power = exponent > 1000 ? 1000 : (int)exponent;
    power = (is_down ? -power : power) + large - fraction;
    if (mantissa > 0 && power > 22)
        return linli_expected(in, "a smaller number before");
    double value = mantissa > 0 ? scaled((double)mantissa, power) : 0;
    *number = negative ? -value : value;
    return true;
}
