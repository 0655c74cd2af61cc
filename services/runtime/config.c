/* What a configuration says, checked: every fault names the file, the line and what to do. */
#include "runtime/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "domain/date.h"
#include "domain/words.h"
#include "runtime/config_source.h"

#define CITY_DEFAULT            130100
#define DISK_RESERVE_MB_DEFAULT 256
#define DISK_RESERVE_MB_MAX     (1024 * 1024)
#define MAP_GIB_DEFAULT         64
#define MAP_GIB_MAX             4096
#define Z85_KEY_LENGTH          40

/* A name is a file's name too. */
static bool
good_name(const char *name)
{
    size_t length = strlen(name);

    return length < JN_AGENCY_NAME && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == length &&
           name[0] != '.' && !strstr(name, "..");
}

static bool
good_endpoint(const char *endpoint)
{
    const char *colon = strrchr(endpoint, ':');
    char *end;
    long port;

    if (strlen(endpoint) >= sizeof(((struct jn_peer *)NULL)->endpoint))
        return false;
    if (!strncmp(endpoint, "ipc://", 6))
        return endpoint[6] == '/';
    if (strncmp(endpoint, "tcp://", 6) || !colon || colon <= endpoint + 6 || endpoint[6] == '*')
        return false;
    port = strtol(colon + 1, &end, 10);
    return colon[1] >= '1' && colon[1] <= '9' && *end == '\0' && port <= 65535;
}

static bool
read_roles(const struct config_source *source, const struct config_party *party, uint32_t *out)
{
    for (unsigned i = 0; i < party->roles_count; i++) {
        size_t at = 0;

        while (at < jn_role_names_count && strcmp(jn_role_names[at].name, party->roles[i]))
            at++;
        if (at == jn_role_names_count)
            return config_fault(source, party->name, party->roles[i],
                                "\"%.40s\" is no role: use operator, auditor, administration, employment_service, "
                                "appraisal, attestor, reviewer, finance, inbox, service, payer or certifier",
                                party->roles[i]);
        *out |= jn_role_names[at].role;
    }
    return true;
}

static bool
read_groups(const struct config_source *source, const struct config_party *party, uint32_t *out)
{
    for (unsigned i = 0; i < party->groups_count; i++) {
        const struct word *word = word_find(&words_groups, party->groups[i]);

        if (!word)
            return config_fault(
                source, party->name, party->groups[i],
                "\"%.40s\" is no group of people: use the names of common.proto, such as veteran or 退役军人",
                party->groups[i]);
        *out |= UINT32_C(1) << word->number;
    }
    return true;
}

static bool
read_scope(const struct config_source *source, const struct config_party *party, struct jn_agency *out)
{
    const struct word *department = party->department ? word_find(&words_departments, party->department) : NULL;

    if (party->department && !department)
        return config_fault(source, party->name, "department:",
                            "\"%.40s\" is no department: use the names of common.proto, such as veterans or 民政",
                            party->department);
    out->department = department ? (uint32_t)department->number : 0;
    for (unsigned i = 0; i < party->divisions_count; i++) {
        if (party->divisions[i] < 110000 || party->divisions[i] > 829999)
            return config_fault(source, party->name, "divisions:",
                                "%" PRIu32 " is no division code: six digits of GB/T 2260, such as 130102",
                                party->divisions[i]);
        out->divisions[i] = party->divisions[i];
    }
    out->divisions_count = party->divisions_count;
    return read_groups(source, party, &out->groups);
}

static bool
read_key(const struct config_source *source, const struct config_party *party, uint8_t key[JN_KEY_BYTES])
{
    if (strlen(party->key) == Z85_KEY_LENGTH && zmq_z85_decode(key, party->key))
        return true;
    return config_fault(
        source, party->name,
        "key:", "this is no public key: 40 characters of Z85 in quotes, the first line of keys/%.48s.key", party->name);
}

/* An agency may be named and keyed once: the key alone says who speaks. */
static bool
read_unique(const struct config_source *source, const struct jn_config *config, const struct config_party *party,
            const struct jn_agency *agency)
{
    const struct jn_agency *same_key = jn_config_agency(config, agency->key);

    if (jn_config_agency_named(config, agency->name))
        return config_fault(source, party->name, NULL, "\"%.48s\" is there twice: rename or remove one", agency->name);
    if (same_key)
        return config_fault(source, party->name, party->key,
                            "the key of \"%.48s\" is that of \"%.48s\" too: make one of its own with jineng keys make",
                            agency->name, same_key->name);
    return true;
}

static bool
read_party(const struct config_source *source, const struct config_party *party, struct jn_config *config)
{
    struct jn_agency *agency = &config->agencies[config->agencies_count];
    int32_t last_day;

    if (config->agencies_count == JN_AGENCIES_MAX)
        return config_fault(source, party->name, NULL, "there are more than %d services and agencies: remove some",
                            JN_AGENCIES_MAX);
    *agency = (struct jn_agency){.revoked = party->revoked};
    if (!good_name(party->name))
        return config_fault(source, party->name, NULL,
                            "\"%.60s\" is no name: 1 to 47 of a-z, 0-9, _, - and single dots inside", party->name);
    snprintf(agency->name, sizeof(agency->name), "%s", party->name);
    if (!read_key(source, party, agency->key) || !read_unique(source, config, party, agency) ||
        !read_roles(source, party, &agency->roles) || !read_scope(source, party, agency))
        return false;
    if (party->valid_through && !date_parse(party->valid_through, &last_day))
        return config_fault(source, party->name, "valid_through:", "\"%.40s\" is no date: YYYY-MM-DD, the last day",
                            party->valid_through);
    if (party->valid_through)
        agency->expires_ms = date_to_ms(last_day + 1);
    config->agencies_count++;
    return true;
}

static bool
read_service(const struct config_source *source, const struct config_party *party, struct jn_config *config)
{
    struct jn_peer *peer = &config->peers[config->peers_count];

    if (!read_party(source, party, config))
        return false;
    if (!good_endpoint(party->endpoint))
        return config_fault(source, party->name, "endpoint:",
                            "\"%.80s\" is no endpoint: tcp://HOST:PORT or ipc:///PATH, where clients find the service",
                            party->endpoint);
    for (size_t i = 0; i < config->peers_count; i++)
        if (!strcmp(config->peers[i].endpoint, party->endpoint))
            return config_fault(source, party->name, party->endpoint,
                                "\"%.48s\" has the endpoint of \"%.48s\": change one", party->name,
                                config->peers[i].name);
    snprintf(peer->name, sizeof(peer->name), "%s", party->name);
    snprintf(peer->endpoint, sizeof(peer->endpoint), "%s", party->endpoint);
    memcpy(peer->key, config->agencies[config->agencies_count - 1].key, JN_KEY_BYTES);
    config->peers_count++;
    return true;
}

/* One of two words; *second tells which. */
static bool
read_choice(const struct config_source *source, const char *key, const char *text, const char *first, const char *other,
            bool *second)
{
    *second = !strcmp(text, other);
    if (*second || !strcmp(text, first))
        return true;
    return config_fault(source, NULL, key, "%s \"%.40s\": use %s or %s", key, text, first, other);
}

static bool
read_clock(const struct config_source *source, struct jn_config *config)
{
    const struct config_text *said = source->said;
    int32_t start = 0;

    if (!read_choice(source, "mode:", said->mode, "rehearsal", "production", &config->production) ||
        !read_choice(source, "clock:", said->clock, "real", "driven", &config->driven_clock))
        return false;
    if (config->production && config->driven_clock)
        return config_fault(source, NULL,
                            "clock:", "a production suite follows the real clock: clock: real, or mode: rehearsal");
    if (config->driven_clock != (said->clock_start != NULL))
        return config_fault(source, NULL, "clock", "clock_start says where a driven clock starts: %s",
                            said->clock_start ? "remove it" : "add clock_start: YYYY-MM-DD");
    if (said->clock_start && !date_parse(said->clock_start, &start))
        return config_fault(source, NULL, "clock_start:", "\"%.40s\" is no date: YYYY-MM-DD", said->clock_start);
    config->start_ms = said->clock_start ? date_to_ms(start) : 0;
    return true;
}

static bool
read_figure(const struct config_source *source, const char *key, uint32_t figure, uint32_t most, uint32_t initial,
            uint32_t *out)
{
    *out = figure ? figure : initial;
    if (figure <= most)
        return true;
    return config_fault(source, NULL, key, "%s %" PRIu32 " is too much: 1 to %" PRIu32 ", or leave it out for %" PRIu32,
                        key, figure, most, initial);
}

/* What files for the bank say of the paying side. */
static bool
read_payer(const struct config_source *source, struct jn_config *config)
{
    const struct config_text *said = source->said;
    const char *account = said->payer_account ? said->payer_account : "";

    if (strlen(account) > 34 ||
        strspn(account, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/") != strlen(account))
        return config_fault(source, NULL, "payer_account:",
                            "payer_account is no account: 1 to 34 digits, letters or hyphens, in quotes");
    snprintf(config->payer_name, sizeof(config->payer_name), "%s", said->payer_name ? said->payer_name : "");
    snprintf(config->payer_account, sizeof(config->payer_account), "%s", account);
    snprintf(config->payer_bank, sizeof(config->payer_bank), "%s", said->payer_bank ? said->payer_bank : "");
    return true;
}

static bool
read_all(const struct config_source *source, struct jn_config *config)
{
    const struct config_text *said = source->said;

    config->city = said->city ? said->city : CITY_DEFAULT;
    if (config->city < 110000 || config->city > 829999)
        return config_fault(source, NULL, "city:", "city: %" PRIu32 " is no division code: six digits of GB/T 2260",
                            config->city);
    if (!read_clock(source, config) ||
        !read_figure(source, "disk_reserve_mb:", said->disk_reserve_mb, DISK_RESERVE_MB_MAX, DISK_RESERVE_MB_DEFAULT,
                     &config->disk_reserve_mb) ||
        !read_figure(source, "map_gib:", said->map_gib, MAP_GIB_MAX, MAP_GIB_DEFAULT, &config->map_gib) ||
        !read_payer(source, config))
        return false;
    for (unsigned i = 0; i < said->services_count; i++)
        if (!read_service(source, &said->services[i], config))
            return false;
    for (unsigned i = 0; i < said->agencies_count; i++)
        if (!read_party(source, &said->agencies[i], config))
            return false;
    return true;
}

static bool
resolve(const char *path, struct jn_config *out, char error[JN_CONFIG_ERROR])
{
    char *whole = realpath(path, NULL);
    bool fits = whole && strlen(whole) < JN_PATH_MAX;

    if (fits) {
        snprintf(out->path, sizeof(out->path), "%s", whole);
        snprintf(out->data, sizeof(out->data), "%.*s", (int)(strrchr(whole, '/') - whole), whole);
        if (!*out->data)
            snprintf(out->data, sizeof(out->data), "/");
    } else {
        snprintf(error, JN_CONFIG_ERROR,
                 "%.300s: is not there, or its path is over %d characters: jineng init makes one", path,
                 JN_PATH_MAX - 1);
    }
    free(whole);
    return fits;
}

bool
jn_config_load(const char *path, struct jn_config *out, char error[JN_CONFIG_ERROR])
{
    struct config_source source;
    bool good;

    memset(out, 0, sizeof(*out));
    error[0] = '\0';
    if (!resolve(path, out, error))
        return false;
    good = config_source_load(&source, path, error) && read_all(&source, out);
    config_source_free(&source);
    return good;
}

const struct jn_peer *
jn_config_peer(const struct jn_config *config, const char *name)
{
    for (size_t i = 0; i < config->peers_count; i++)
        if (!strcmp(config->peers[i].name, name))
            return &config->peers[i];
    return NULL;
}

const struct jn_agency *
jn_config_agency(const struct jn_config *config, const uint8_t key[JN_KEY_BYTES])
{
    for (size_t i = 0; i < config->agencies_count; i++)
        if (!memcmp(config->agencies[i].key, key, JN_KEY_BYTES))
            return &config->agencies[i];
    return NULL;
}

const struct jn_agency *
jn_config_agency_named(const struct jn_config *config, const char *name)
{
    for (size_t i = 0; i < config->agencies_count; i++)
        if (!strcmp(config->agencies[i].name, name))
            return &config->agencies[i];
    return NULL;
}
