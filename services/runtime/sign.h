/* Signing keys (签名密钥): SM2 with SM3, GB/T 32918. The suite hashes with SM3, and what a public body in China signs
 * is SM2's to sign; OpenSSL 3 does it in the same few calls as Ed25519. A key is the process's, beside its CURVE key,
 * and never the fold's: a signature is made with a random number.
 *
 * DATA/keys/NAME.sm2    mode 0600: two lines, the public key (128 small hexadecimal digits) and the secret one (64)
 * a public key's file   its first line alone: to be given to whoever checks */
#ifndef RUNTIME_SIGN_H
#define RUNTIME_SIGN_H

#include "runtime/config.h"

#define JN_SIGN_PUBLIC_BYTES 64                             /* x, y */
#define JN_SIGNATURE_BYTES   64                             /* r, s */
#define JN_SIGN_PUBLIC_TEXT  (2 * JN_SIGN_PUBLIC_BYTES + 1) /* with a newline; no NUL */

struct jn_sign_public {
    uint8_t bytes[JN_SIGN_PUBLIC_BYTES];
};

/* Makes DATA/keys/NAME.sm2, synced; refuses to overwrite. */
bool jn_sign_make(const char *data, const char *name, struct jn_sign_public *out, char error[JN_CONFIG_ERROR]);

struct jn_signer; /* a secret key, ready to sign */

/* NULL with a sentence, where there is none, others may read it, or it is no pair. */
struct jn_signer *jn_signer_open(const char *data, const char *name, char error[JN_CONFIG_ERROR]);
void jn_signer_close(struct jn_signer *signer); /* NULL is allowed */
const struct jn_sign_public *jn_signer_public(const struct jn_signer *signer);
/* False where there is no randomness to be had. */
bool jn_sign(struct jn_signer *signer, const void *bytes, size_t length, uint8_t out[JN_SIGNATURE_BYTES]);

/* False where the key is no point of the curve, too. */
bool jn_signed(const struct jn_sign_public *key, const void *bytes, size_t length,
               const uint8_t signature[JN_SIGNATURE_BYTES]);

/* Exactly as it is printed, newline and all; false else. */
bool jn_sign_public_read(const void *text, size_t length, struct jn_sign_public *out);
void jn_sign_public_print(const struct jn_sign_public *key, char out[JN_SIGN_PUBLIC_TEXT + 1]);

#endif
