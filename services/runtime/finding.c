/* What an audit finds, a sentence each. */
#include "runtime/engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An audit that finds fault with every row is cut off: 100,000 characters of sentences are enough to go by. */
#define AUDIT_TEXT_MAX 100000

void
jn_finding(struct jn_audit *audit, const char *format, ...)
{
    size_t length = audit->text ? strlen(audit->text) : 0;
    char sentence[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    audit->findings++;
    if (length > AUDIT_TEXT_MAX)
        return;
    audit->text = realloc(audit->text, length + strlen(sentence) + 2);
    JN_ASSERT(audit->text);
    snprintf(audit->text + length, strlen(sentence) + 2, "%s\n", sentence);
}
