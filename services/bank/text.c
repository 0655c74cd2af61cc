/* Text (文本编码): UTF-8 in memory, UTF-8 or GBK in files. What cannot be said in GBK is refused, never replaced. */
#include "bank/bank.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#define MARK "\xEF\xBB\xBF"

/* ---- UTF-8 ---- */

/* The character's bytes; 0 where none begins here. Neither surrogates nor longer forms than needed. */
static size_t
character(const char *text, size_t length, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t bytes = at[0] < 0x80 ? 1 : at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;

    if (at[0] < 0x80) {
        *out = at[0];
        return 1;
    }
    if (at[0] < 0xC2 || at[0] > 0xF4 || bytes > length)
        return 0;
    *out = at[0] & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        *out = *out << 6 | (at[i] & 0x3Fu);
    }
    return *out < least[bytes] || *out > 0x10FFFF || (*out >= 0xD800 && *out <= 0xDFFF) ? 0 : bytes;
}

static size_t
line_of(const char *text, size_t at)
{
    size_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

/* Where it stops to be text, the length where it does not. A file holds no control characters but tabs and line ends.
 */
static size_t
utf8_end(const char *text, size_t length)
{
    size_t at = 0, bytes;
    uint32_t c;

    while (at < length && (bytes = character(text + at, length - at, &c)) > 0) {
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            return at;
        at += bytes;
    }
    return at;
}

size_t
bank_text_characters(const char *text)
{
    size_t count = 0, bytes, length = strlen(text);
    uint32_t c;

    for (; length > 0; text += bytes, length -= bytes, count++) {
        bytes = character(text, length, &c);
        if (bytes == 0 || c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFFFE ||
            c == 0xFFFF || c == 0xFEFF)
            return SIZE_MAX;
    }
    return count;
}

void
bank_text_cut(char *text, size_t bytes)
{
    if (strlen(text) <= bytes)
        return;
    while (bytes > 0 && ((unsigned char)text[bytes] & 0xC0) == 0x80)
        bytes--;
    text[bytes] = '\0';
}

void
bank_text_trim(char *text)
{
    size_t length = strlen(text), from = length;
    uint32_t c;

    while (from > 0 && length - from < 4 && ((unsigned char)text[from - 1] & 0xC0) == 0x80)
        from--;
    if (from > 0 && (unsigned char)text[from - 1] >= 0xC0 && character(text + from - 1, length - from + 1, &c) == 0)
        text[from - 1] = '\0';
}

/* ---- GBK ---- */

/* The converted bytes; NULL where the text cannot be said, which *at then tells. */
static struct bank_bytes *
convert(struct jn_arena *arena, struct bank_bytes from, const char *to_code, const char *from_code, size_t *at)
{
    size_t left = from.length, room = from.length + from.length / 2 + 8, given = room;
    char *in = (char *)(uintptr_t)from.bytes, *text = jn_arena_take(arena, room + 1), *out = text;
    struct bank_bytes *bytes = jn_arena_take(arena, sizeof(*bytes));
    iconv_t to = iconv_open(to_code, from_code);
    bool good;

    *at = 0;
    if (to == (iconv_t)-1)
        return NULL;
    good = iconv(to, &in, &left, &out, &given) == 0 && left == 0;
    iconv_close(to);
    *at = from.length - left;
    *bytes = (struct bank_bytes){text, room - given};
    return good ? bytes : NULL;
}

/* ---- Files ---- */

static const struct bank_bytes *
neither(struct bank_fault *fault, const char *text, size_t at)
{
    *fault = (struct bank_fault){.class = BANK_WRONG_ENCODING, .line = line_of(text, at), .what = ""};
    return NULL;
}

const struct bank_bytes *
bank_text_decode(struct jn_arena *arena, struct bank_bytes file, enum bank_encoding *encoding, struct bank_fault *fault)
{
    struct bank_bytes *text;
    size_t end, at = 0;

    if (file.length >= 3 && !memcmp(file.bytes, MARK, 3)) {
        file = (struct bank_bytes){file.bytes + 3, file.length - 3};
        if (*encoding == BANK_GBK)
            return neither(fault, file.bytes, 0);
        *encoding = BANK_UTF8;
    }
    end = utf8_end(file.bytes, file.length);
    if (*encoding != BANK_GBK && end == file.length) {
        char *copy = jn_arena_take(arena, file.length + 1);

        *encoding = BANK_UTF8;
        text = jn_arena_take(arena, sizeof(*text));
        if (file.length)
            memcpy(copy, file.bytes, file.length);
        *text = (struct bank_bytes){copy, file.length};
        return text;
    }
    if (*encoding == BANK_UTF8)
        return neither(fault, file.bytes, end);
    /* What is read may have the characters that GB 18030 has beyond GBK; what is written may not. */
    text = convert(arena, file, "UTF-8", "GB18030", &at);
    if (!text)
        return neither(fault, file.bytes, at);
    end = utf8_end(text->bytes, text->length);
    if (end < text->length)
        return neither(fault, text->bytes, end);
    *encoding = BANK_GBK;
    return text;
}

const struct bank_bytes *
bank_text_encode(struct jn_arena *arena, struct bank_bytes text, enum bank_encoding encoding, struct bank_fault *fault)
{
    struct bank_bytes *bytes;
    uint32_t c = 0;
    size_t at = 0;

    if (encoding != BANK_GBK) {
        bytes = jn_arena_take(arena, sizeof(*bytes));
        *bytes = text;
        return bytes;
    }
    bytes = convert(arena, text, "GBK", "UTF-8", &at);
    if (bytes)
        return bytes;
    *fault = (struct bank_fault){.class = BANK_NOT_IN_GBK, .line = line_of(text.bytes, at), .what = ""};
    if (at < text.length && character(text.bytes + at, text.length - at, &c) > 0)
        snprintf(fault->found, sizeof(fault->found), "U+%04X", (unsigned)c);
    return NULL;
}
