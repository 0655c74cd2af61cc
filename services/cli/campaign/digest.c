/* The identity of a folder: what was read, by name and content. */
#include "cli/campaign/reader.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static int
by_name(const void *a, const void *b)
{
    return strcmp(campaign_file_name(*(const enum campaign_file *)a),
                  campaign_file_name(*(const enum campaign_file *)b));
}

/* SM3 over name, a zero byte and the content's SM3, of each sheet in turn: no content can pass for another's name. */
void
digest_folder(struct reader *reader)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    enum campaign_file order[CAMPAIGN_FILES];

    if (!context || EVP_DigestInit_ex(context, EVP_sm3(), NULL) != 1)
        abort();
    for (unsigned i = 0; i < CAMPAIGN_FILES; i++)
        order[i] = (enum campaign_file)i;
    qsort(order, CAMPAIGN_FILES, sizeof(order[0]), by_name);
    for (unsigned i = 0; i < CAMPAIGN_FILES; i++) {
        const char *name = campaign_file_name(order[i]);

        if (!reader->present[order[i]])
            continue;
        EVP_DigestUpdate(context, name, strlen(name) + 1);
        EVP_DigestUpdate(context, reader->digests[order[i]], CAMPAIGN_DIGEST_BYTES);
    }
    EVP_DigestFinal_ex(context, reader->campaign->digest, NULL);
    EVP_MD_CTX_free(context);
}

void
campaign_digest(const struct campaign *campaign, uint8_t out[CAMPAIGN_DIGEST_BYTES])
{
    memcpy(out, campaign->digest, CAMPAIGN_DIGEST_BYTES);
}
