/* Signing keys. */
#include "runtime/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "runtime/code.h"
#include "runtime/files.h"

#define SECRET_BYTES 32
#define SECRET_TEXT  (2 * SECRET_BYTES + 1)
#define FILE_TEXT    (JN_SIGN_PUBLIC_TEXT + SECRET_TEXT)
#define DER_MAX      80
/* GM/T 0009: who has no other name. */
static const char USER[] = "1234567812345678";

struct jn_signer {
    struct jn_sign_public public_key;
    EVP_PKEY *key;
};

/* ---- Text ---- */

static void
hex_print(const uint8_t *bytes, size_t length, char *out)
{
    for (size_t i = 0; i < length; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* Small digits alone: there is one way to write a key. */
static bool
hex_read(const char *text, size_t length, uint8_t *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        const char *high = memchr(digits, text[2 * i], 16), *low = memchr(digits, text[2 * i + 1], 16);

        if (!high || !low)
            return false;
        out[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return true;
}

bool
jn_sign_public_read(const void *text, size_t length, struct jn_sign_public *out)
{
    return length == JN_SIGN_PUBLIC_TEXT && ((const char *)text)[length - 1] == '\n' &&
           hex_read(text, JN_SIGN_PUBLIC_BYTES, out->bytes);
}

void
jn_sign_public_print(const struct jn_sign_public *key, char out[JN_SIGN_PUBLIC_TEXT + 1])
{
    hex_print(key->bytes, JN_SIGN_PUBLIC_BYTES, out);
    memcpy(out + JN_SIGN_PUBLIC_TEXT - 1, "\n", 2);
}

/* ---- Keys as OpenSSL has them ---- */

/* NULL where the point is none of the curve. secret may be NULL. */
static EVP_PKEY *
key_of(const struct jn_sign_public *public_key, const uint8_t *secret)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    BIGNUM *number = secret ? BN_secure_new() : NULL;
    uint8_t point[1 + JN_SIGN_PUBLIC_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
    OSSL_PARAM *params;
    EVP_PKEY *key = NULL;

    JN_ASSERT(build && context);
    memcpy(point + 1, public_key->bytes, JN_SIGN_PUBLIC_BYTES);
    JN_ASSERT(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1);
    JN_ASSERT(OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) == 1);
    if (secret)
        JN_ASSERT(number && BN_bin2bn(secret, SECRET_BYTES, number) &&
                  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1);
    params = OSSL_PARAM_BLD_to_param(build);
    JN_ASSERT(params && EVP_PKEY_fromdata_init(context) == 1);
    if (EVP_PKEY_fromdata(context, &key, secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    BN_clear_free(number);
    return key;
}

static bool
key_text(EVP_PKEY *key, char text[FILE_TEXT + 1])
{
    uint8_t point[1 + JN_SIGN_PUBLIC_BYTES], secret[SECRET_BYTES];
    BIGNUM *number = NULL;
    size_t length = 0;
    bool good;

    good = EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &length) == 1 &&
           length == sizeof(point) && point[0] == POINT_CONVERSION_UNCOMPRESSED &&
           EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
           BN_bn2binpad(number, secret, sizeof(secret)) == sizeof(secret);
    BN_clear_free(number);
    if (good) {
        hex_print(point + 1, JN_SIGN_PUBLIC_BYTES, text);
        text[JN_SIGN_PUBLIC_TEXT - 1] = '\n';
        hex_print(secret, SECRET_BYTES, text + JN_SIGN_PUBLIC_TEXT);
        memcpy(text + FILE_TEXT - 1, "\n", 2);
    }
    explicit_bzero(secret, sizeof(secret));
    return good;
}

/* ---- Signatures ---- */

static EVP_MD_CTX *
digest_open(EVP_PKEY *key)
{
    EVP_PKEY_CTX *named = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    JN_ASSERT(named && context && EVP_PKEY_CTX_set1_id(named, USER, sizeof(USER) - 1) == 1);
    EVP_MD_CTX_set_pkey_ctx(context, named);
    return context;
}

static void
digest_close(EVP_MD_CTX *context)
{
    EVP_PKEY_CTX *named = EVP_MD_CTX_get_pkey_ctx(context);

    EVP_MD_CTX_free(context);
    EVP_PKEY_CTX_free(named);
}

bool
jn_sign(struct jn_signer *signer, const void *bytes, size_t length, uint8_t out[JN_SIGNATURE_BYTES])
{
    EVP_MD_CTX *context = digest_open(signer->key);
    uint8_t der[DER_MAX];
    const uint8_t *at = der;
    size_t size = sizeof(der);
    ECDSA_SIG *pair = NULL;
    bool good;

    good = EVP_DigestSignInit(context, NULL, EVP_sm3(), NULL, signer->key) == 1 &&
           EVP_DigestSign(context, der, &size, bytes, length) == 1;
    if (good)
        pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
    good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, JN_SIGNATURE_BYTES / 2) > 0 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + JN_SIGNATURE_BYTES / 2, JN_SIGNATURE_BYTES / 2) > 0;
    ECDSA_SIG_free(pair);
    digest_close(context);
    return good;
}

/* As OpenSSL takes it; 0 where there is no memory. */
static size_t
signature_der(const uint8_t signature[JN_SIGNATURE_BYTES], uint8_t der[DER_MAX])
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, JN_SIGNATURE_BYTES / 2, NULL),
           *s = BN_bin2bn(signature + JN_SIGNATURE_BYTES / 2, JN_SIGNATURE_BYTES / 2, NULL);
    uint8_t *at = der;
    int length;

    JN_ASSERT(pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1);
    length = i2d_ECDSA_SIG(pair, &at);
    ECDSA_SIG_free(pair);
    return length > 0 ? (size_t)length : 0;
}

bool
jn_signed(const struct jn_sign_public *key, const void *bytes, size_t length,
          const uint8_t signature[JN_SIGNATURE_BYTES])
{
    EVP_PKEY *pkey = key_of(key, NULL);
    uint8_t der[DER_MAX];
    size_t size = signature_der(signature, der);
    EVP_MD_CTX *context;
    bool good;

    if (!pkey)
        return false;
    context = digest_open(pkey);
    good = EVP_DigestVerifyInit(context, NULL, EVP_sm3(), NULL, pkey) == 1 &&
           EVP_DigestVerify(context, der, size, bytes, length) == 1;
    digest_close(context);
    EVP_PKEY_free(pkey);
    return good;
}

/* ---- Files ---- */

static bool
fault(char error[JN_CONFIG_ERROR], const char *path, const char *what)
{
    snprintf(error, JN_CONFIG_ERROR, "%.300s: %.200s", path, what);
    return false;
}

static bool
key_path(const char *data, const char *name, char path[JN_PATH_MAX], char error[JN_CONFIG_ERROR])
{
    int length = snprintf(path, JN_PATH_MAX, "%s/keys/%s.sm2", data, name);

    if (length > 0 && length < JN_PATH_MAX && *name && !strchr(name, '/'))
        return true;
    return fault(error, "the key's name", "is empty, too long or has a slash: give a service's name");
}

static bool
write_file(const char *data, const char *path, const char *text, char error[JN_CONFIG_ERROR])
{
    char folder[JN_PATH_MAX];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written;

    if (fd < 0 && errno == EEXIST)
        return fault(error, path,
                     "is there already: a key is never overwritten; what it has signed is checked against it");
    if (fd < 0)
        return fault(error, path, strerror(errno));
    written = write(fd, text, FILE_TEXT) == FILE_TEXT && fsync(fd) == 0;
    snprintf(folder, sizeof(folder), "%s/keys", data);
    if (close(fd) == 0 && written && jn_files_sync_dir(folder))
        return true;
    unlink(path);
    return fault(error, path, "could not be written: see whether the disk is full");
}

bool
jn_sign_make(const char *data, const char *name, struct jn_sign_public *out, char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX], text[FILE_TEXT + 1];
    EVP_PKEY *key;
    bool made;

    if (!key_path(data, name, path, error))
        return false;
    key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    if (!key)
        return fault(error, path, "this OpenSSL was built without SM2: install Debian's libssl3");
    made = key_text(key, text);
    EVP_PKEY_free(key);
    made = made && jn_sign_public_read(text, JN_SIGN_PUBLIC_TEXT, out) && write_file(data, path, text, error);
    explicit_bzero(text, sizeof(text));
    return made;
}

/* The two belong together where one says that the other has signed. */
static bool
is_pair(struct jn_signer *signer)
{
    uint8_t signature[JN_SIGNATURE_BYTES];

    return jn_sign(signer, USER, sizeof(USER), signature) &&
           jn_signed(&signer->public_key, USER, sizeof(USER), signature);
}

static struct jn_signer *
signer_of(const char text[FILE_TEXT])
{
    struct jn_signer *signer = calloc(1, sizeof(*signer));
    uint8_t secret[SECRET_BYTES];

    JN_ASSERT(signer);
    if (jn_sign_public_read(text, JN_SIGN_PUBLIC_TEXT, &signer->public_key) && text[FILE_TEXT - 1] == '\n' &&
        hex_read(text + JN_SIGN_PUBLIC_TEXT, SECRET_BYTES, secret))
        signer->key = key_of(&signer->public_key, secret);
    explicit_bzero(secret, sizeof(secret));
    if (signer->key && is_pair(signer))
        return signer;
    jn_signer_close(signer);
    return NULL;
}

static struct jn_signer *
open_there(int fd, const char *path, char error[JN_CONFIG_ERROR])
{
    char text[FILE_TEXT + 1];
    struct jn_signer *signer = NULL;
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        fault(error, path, "is not a plain file");
        return NULL;
    }
    if ((st.st_mode & 077) != 0) {
        fault(error, path, "others may read it: chmod 600 it, and think of making a new key if others have");
        return NULL;
    }
    if (read(fd, text, sizeof(text)) == FILE_TEXT)
        signer = signer_of(text);
    explicit_bzero(text, sizeof(text));
    if (!signer)
        fault(error, path,
              "is no signing key (two lines, 128 and 64 small hexadecimal digits): restore it from a backup");
    return signer;
}

struct jn_signer *
jn_signer_open(const char *data, const char *name, char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX];
    struct jn_signer *signer;
    int fd;

    if (!key_path(data, name, path, error))
        return NULL;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        snprintf(error, JN_CONFIG_ERROR, "%.300s: %.80s: jineng keys sign %.48s makes one", path, strerror(errno),
                 name);
        return NULL;
    }
    signer = open_there(fd, path, error);
    close(fd);
    return signer;
}

void
jn_signer_close(struct jn_signer *signer)
{
    if (!signer)
        return;
    EVP_PKEY_free(signer->key);
    free(signer);
}

const struct jn_sign_public *
jn_signer_public(const struct jn_signer *signer)
{
    return &signer->public_key;
}
