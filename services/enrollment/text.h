/* Text that people typed, before it is believed. */
#ifndef ENROLLMENT_TEXT_H
#define ENROLLMENT_TEXT_H

#include "runtime/fold.h"

/* UTF-8 of min to max bytes without control characters. */
bool text_fits(const char *text, size_t min, size_t max);

/* 1 to max printable ASCII characters: codes and numbers of others. */
bool text_code(const char *text, size_t max);

/* Line breaks and tabs, which spreadsheets leave inside cells, put right: each run of white space that holds one
 * becomes a single blank, and none is left at either end. The text itself where there are none. */
const char *text_mended(const struct jn_view *view, const char *text);

/* Empty, or 8 to 34 letters and digits. */
bool text_account(const char *text);

#endif
