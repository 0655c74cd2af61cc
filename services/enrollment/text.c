/* Text that people typed. */
#include "enrollment/text.h"

#include <string.h>

/* The character's length in bytes; 0 where it is not UTF-8 (over-long, a surrogate, beyond U+10FFFF) or a control
 * character (C0, DEL, C1). */
static size_t
character(const unsigned char *at)
{
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF5 ? 4 : 0;

    if (length == 1)
        return at[0] >= 0x20 && at[0] != 0x7F ? 1 : 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    if (at[0] == 0xC2 && at[1] < 0xA0)
        return 0;
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F))
        return 0;
    if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return length;
}

bool
text_fits(const char *text, size_t min, size_t max)
{
    size_t total = strnlen(text, max + 1);

    if (total < min || total > max)
        return false;
    for (size_t i = 0; i < total;) {
        size_t length = character((const unsigned char *)text + i);

        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

bool
text_code(const char *text, size_t max)
{
    size_t total = strnlen(text, max + 1);

    if (total < 1 || total > max)
        return false;
    for (size_t i = 0; i < total; i++)
        if (text[i] < 0x20 || text[i] > 0x7E)
            return false;
    return true;
}

const char *
text_mended(const struct jn_view *view, const char *text)
{
    char *out;
    size_t used = 0;

    if (!strpbrk(text, "\t\r\n"))
        return text;
    out = jn_take(view, strlen(text) + 1);
    for (size_t i = 0; text[i] != '\0';) {
        size_t blanks = strspn(text + i, " \t\r\n");

        if (blanks == 0) {
            out[used++] = text[i++];
            continue;
        }
        if (strspn(text + i, " ") == blanks) {
            memcpy(out + used, text + i, blanks);
            used += blanks;
        } else if (used > 0 && text[i + blanks] != '\0') {
            out[used++] = ' ';
        }
        i += blanks;
    }
    out[used] = '\0';
    return out;
}

bool
text_account(const char *text)
{
    size_t length = strnlen(text, 35);

    if (length == 0)
        return true;
    return length >= 8 && length <= 34 &&
           strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == length;
}
