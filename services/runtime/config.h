/* The suite's configuration, jineng.yaml in its data folder, and the keys beside it.
 *
 * DATA/jineng.yaml         who is where (services and their endpoints) and who may do what (agencies and their keys)
 * DATA/keys/NAME.key       a key pair, two lines of Z85 (public, secret), mode 0600; services and agencies alike
 * DATA/NAME/               what the service NAME keeps */
#ifndef RUNTIME_CONFIG_H
#define RUNTIME_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/access.h"

#define JN_PATH_MAX     1024
#define JN_PEERS_MAX    16
#define JN_AGENCIES_MAX 256
#define JN_CONFIG_ERROR 512

struct jn_peer {
    char name[JN_AGENCY_NAME]; /* "ledger" */
    char endpoint[160];        /* tcp://127.0.0.1:7704 */
    uint8_t key[JN_KEY_BYTES]; /* its CURVE public key */
};

struct jn_config {
    char path[JN_PATH_MAX];   /* the file */
    char data[JN_PATH_MAX];   /* its folder */
    bool production;          /* mode: production | rehearsal; production refuses a driven clock */
    bool driven_clock;        /* clock: driven | real */
    int64_t start_ms;         /* where a driven clock starts; clock_start: YYYY-MM-DD */
    uint32_t city;            /* 130100 */
    uint32_t disk_reserve_mb; /* below this much free space new work is refused; default 256 */
    uint32_t map_gib;         /* LMDB's map size, virtual; default 64 */
    /* Whose account pays (付款人): name, account, the bank's line number or name; "" where they are not said. */
    char payer_name[424], payer_account[36], payer_bank[424];
    struct jn_peer peers[JN_PEERS_MAX];
    size_t peers_count;
    struct jn_agency agencies[JN_AGENCIES_MAX]; /* services are agencies too: role service and their own */
    size_t agencies_count;
};

struct jn_keypair {
    uint8_t public_key[JN_KEY_BYTES];
    uint8_t secret_key[JN_KEY_BYTES];
};

/* False with a sentence naming file and line where the file cannot be used: unknown key, bad value, a key used twice, a
 * production configuration with a driven clock. The struct is large (some 100 KiB): keep it in static or heap memory.
 */
bool jn_config_load(const char *path, struct jn_config *out, char error[JN_CONFIG_ERROR]);
const struct jn_peer *jn_config_peer(const struct jn_config *config, const char *name);
/* By public key; NULL where unknown. Revoked and expired ones are found too: the caller decides. */
const struct jn_agency *jn_config_agency(const struct jn_config *config, const uint8_t key[JN_KEY_BYTES]);
const struct jn_agency *jn_config_agency_named(const struct jn_config *config, const char *name);

/* Reads DATA/keys/NAME.key; refuses a file that others may read. */
bool jn_keypair_load(const char *data, const char *name, struct jn_keypair *out, char error[JN_CONFIG_ERROR]);
/* Makes one (zmq_curve_keypair), synced, 0600; refuses to overwrite. */
bool jn_keypair_make(const char *data, const char *name, struct jn_keypair *out, char error[JN_CONFIG_ERROR]);

#endif
