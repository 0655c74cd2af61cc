/* The words that a pack may say, and how its keys stand to those of a pack that it amends. */
#ifndef POLICY_PACK_WORDS_H
#define POLICY_PACK_WORDS_H

#include <stdio.h>

/* A word of a vocabulary ("reason", "no_certificate", "未取得证书"); of "amending" a key and how it is amended. */
typedef void pack_word_told(void *context, const char *vocabulary, const char *word, const char *zh);
void pack_words(pack_word_told *told, void *context);

#endif
