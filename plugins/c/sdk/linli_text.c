/* Texts that grow, and what the compiler expects of the C library. */
#include "linli_parts.h"

#ifdef __wasm__

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    while (bytes--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t < f)
        return memcpy(to, from, bytes);
    while (bytes--)
        t[bytes] = f[bytes];
    return to;
}

void *memset(void *to, int byte, size_t bytes)
{
    unsigned char *t = to;
    while (bytes--)
        *t++ = (unsigned char)byte;
    return to;
}

int memcmp(const void *one, const void *other, size_t bytes)
{
    const unsigned char *a = one, *b = other;
    for (; bytes--; a++, b++)
        if (*a != *b)
            return *a < *b ? -1 : 1;
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

int strcmp(const char *one, const char *other)
{
    for (; *one && *one == *other; one++, other++)
        ;
    return (unsigned char)*one - (unsigned char)*other;
}

#endif

void linli_push_byte(linli_builder *out, char byte)
{
    if (out->length + 1 >= out->room) {
        size_t room = out->room ? out->room * 2 : 64;
        char *larger = linli_alloc(room);
        if (out->length)
            __builtin_memcpy(larger, out->at, out->length);
        out->at = larger;
        out->room = room;
    }
    out->at[out->length++] = byte;
    out->at[out->length] = 0;
}

void linli_push(linli_builder *out, const char *text)
{
    for (; *text; text++)
        linli_push_byte(out, *text);
}

void linli_push_quoted(linli_builder *out, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    linli_push_byte(out, '"');
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < ' ') {
            linli_push(out, "\\u00");
            linli_push_byte(out, digits[byte >> 4]);
            linli_push_byte(out, digits[byte & 15]);
            continue;
        }
        if (byte == '"' || byte == '\\')
            linli_push_byte(out, '\\');
        linli_push_byte(out, (char)byte);
    }
    linli_push_byte(out, '"');
}

void linli_push_number(linli_builder *out, double value)
{
    enum { DECIMALS = 9, DIGITS = 19 };
    if (value < 0) {
        linli_push_byte(out, '-');
        value = -value;
    }
    if (!(value < 1e9)) {
        linli_push(out, value >= 1e9 ? "1e9" : "null");
        return;
    }
    /* At most 1e18: fits. */
    uint64_t units = (uint64_t)(value * 1e9 + 0.5);
    char digits[DIGITS];
    for (int i = DIGITS; i-- > 0; units /= 10)
        digits[i] = (char)('0' + units % 10);
    int whole = DIGITS - DECIMALS, start = 0, end = DIGITS;
    while (start < whole - 1 && digits[start] == '0')
        start++;
    while (end > whole && digits[end - 1] == '0')
        end--;
    for (int i = start; i < end; i++) {
        if (i == whole)
            linli_push_byte(out, '.');
        linli_push_byte(out, digits[i]);
    }
}

const char *linli_joined(const char *const *parts)
{
    linli_builder out = {0};
    linli_push(&out, "");
    for (; *parts; parts++)
        linli_push(&out, *parts);
    return out.at ? out.at : "";
}
