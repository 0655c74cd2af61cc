/* Texts (文字): what people write into the books: documents, reasons, ids of their own. */
#include "ledger/ledger.h"

#include <string.h>

bool
text_fits(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);

    return length >= 1 && length <= most;
}
