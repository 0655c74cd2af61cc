/* jineng keys: make, list, revoke. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zmq.h>

#include "cli/config_write.h"
#include "cli/suite.h"
#include "domain/date.h"
#include "runtime/sign.h"

const struct option keys_options[] = {{"data", required_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};

static int
fail(const char *error)
{
    suite_say("%s", error);
    return CLI_CONFIGURATION;
}

/* ---- make ---- */

/* On a host of its own a service's key is made where nothing but jineng.yaml has been carried to. */
static bool
make_folder(const char *data, char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX + 8];

    snprintf(path, sizeof(path), "%s/keys", data);
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    snprintf(error, JN_CONFIG_ERROR, "%.300s: %.100s", path, strerror(errno));
    return false;
}

/* A service's signing key outlives the key of its connections: what was signed is checked against it. */
static bool
make_signing(const char *data, const char *name, char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX + 64];
    struct jn_sign_public public_key;

    snprintf(path, sizeof(path), "%s/keys/%s.sm2", data, name);
    return access(path, F_OK) == 0 || jn_sign_make(data, name, &public_key, error);
}

static int
keys_make(struct suite *suite, const char *name)
{
    const struct jn_agency *known = jn_config_agency_named(&suite->config, name);
    char error[JN_CONFIG_ERROR], text[41];
    struct jn_keypair pair;

    if (strlen(name) >= JN_AGENCY_NAME || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") != strlen(name))
        return suite_usage("keys", "\"%s\" is no name: 1 to 47 of a-z, 0-9, _, - and dots", name);
    if (!make_folder(suite->config.data, error) || !jn_keypair_make(suite->config.data, name, &pair, error))
        return fail(error);
    if (jn_config_peer(&suite->config, name) && !make_signing(suite->config.data, name, error))
        return fail(error);
    zmq_z85_encode(text, pair.public_key, JN_KEY_BYTES);
    explicit_bzero(&pair, sizeof(pair));
    printf("%s/keys/%s.key\n\n", suite->config.data, name);
    if (known)
        printf("In jineng.yaml, replace the key of %s by\n\n    key: \"%s\"\n", name, text);
    else
        printf("Add to the agencies in jineng.yaml, with roles and scope as they should be:\n\n"
               "  - name: %s\n    key: \"%s\"\n    roles: [inbox]\n",
               name, text);
    return CLI_OK;
}

/* ---- sign, public ---- */

static int
keys_public(struct suite *suite, const char *name)
{
    char error[JN_CONFIG_ERROR], text[JN_SIGN_PUBLIC_TEXT + 1];
    struct jn_signer *signer = jn_signer_open(suite->config.data, name, error);

    if (!signer)
        return fail(error);
    jn_sign_public_print(jn_signer_public(signer), text);
    jn_signer_close(signer);
    fputs(text, stdout);
    return CLI_OK;
}

static int
keys_sign(struct suite *suite, const char *name)
{
    char error[JN_CONFIG_ERROR];
    struct jn_sign_public public_key;

    if (!jn_config_peer(&suite->config, name))
        return suite_usage("keys", "%s is none of the services in %s", name, suite->config.path);
    if (!make_folder(suite->config.data, error) || !jn_sign_make(suite->config.data, name, &public_key, error))
        return fail(error);
    return keys_public(suite, name);
}

/* ---- list ---- */

static void
print_roles(uint32_t roles)
{
    const char *separator = "";

    for (size_t i = 0; i < jn_role_names_count; i++) {
        if (!(roles & jn_role_names[i].role))
            continue;
        printf("%s%s", separator, jn_role_names[i].name);
        separator = ",";
    }
}

static const char *
standing(const struct jn_agency *agency, char text[40])
{
    char day[DATE_TEXT];

    if (agency->revoked)
        return "revoked";
    if (agency->expires_ms == 0)
        return "valid";
    snprintf(text, 40, "through %s", date_format(date_of_ms(agency->expires_ms - 1), day));
    return text;
}

static int
keys_list(struct suite *suite, const char *unused)
{
    char text[40], path[JN_PATH_MAX + 64], public_text[41];

    (void)unused;
    printf("%-36s %-20s %-7s %-40s %s\n", "NAME", "STANDING", "SECRET", "PUBLIC KEY", "ROLES");
    for (size_t i = 0; i < suite->config.agencies_count; i++) {
        const struct jn_agency *agency = &suite->config.agencies[i];

        snprintf(path, sizeof(path), "%s/keys/%s.key", suite->config.data, agency->name);
        printf("%-36s %-20s %-7s %-40s ", agency->name, standing(agency, text),
               access(path, F_OK) == 0 ? "here" : "away", zmq_z85_encode(public_text, agency->key, JN_KEY_BYTES));
        print_roles(agency->roles);
        putchar('\n');
    }
    return CLI_OK;
}

/* ---- revoke ---- */

static char *
read_whole(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;

    if (!file)
        return NULL;
    if (getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* True where the file, as it stands now, says so. */
static bool
is_revoked(struct suite *suite, const char *name)
{
    char error[JN_CONFIG_ERROR], path[JN_PATH_MAX];
    const struct jn_agency *agency;

    snprintf(path, sizeof(path), "%s", suite->config.path);
    if (!jn_config_load(path, &suite->config, error))
        return false;
    agency = jn_config_agency_named(&suite->config, name);
    return agency && agency->revoked;
}

static int
keys_revoke(struct suite *suite, const char *name)
{
    const struct jn_agency *agency = jn_config_agency_named(&suite->config, name);
    char error[JN_CONFIG_ERROR] = "the entry could not be found in the file";
    char *text, *changed;
    bool good;

    if (!agency)
        return suite_usage("keys", "%s is none of the agencies in %s", name, suite->config.path);
    if (agency->revoked) {
        printf("%s was revoked already.\n", name);
        return CLI_OK;
    }
    text = read_whole(suite->config.path);
    changed = text ? config_text_revoked(text, name) : NULL;
    good = changed && config_replace(suite->config.path, changed, error) && is_revoked(suite, name);
    free(text);
    free(changed);
    if (!good) {
        suite_say("%s was not revoked: %s: write \"revoked: true\" into its entry of %s by hand", name, error,
                  suite->config.path);
        return CLI_CONFIGURATION;
    }
    printf("%s is revoked: the services know within a second.\n", name);
    return CLI_OK;
}

static const struct {
    const char *name;
    int (*run)(struct suite *suite, const char *name);
    int names;
} verbs[] = {{"make", keys_make, 1},
             {"list", keys_list, 0},
             {"revoke", keys_revoke, 1},
             {"sign", keys_sign, 1},
             {"public", keys_public, 1}};

int
keys_command(int argc, char **argv)
{
    const char *data = suite_data();
    struct suite *suite = NULL;
    int option, code;

    while ((option = getopt_long(argc, argv, "", keys_options, NULL)) != -1) {
        if (option != 'd')
            return suite_usage("keys", "unknown option");
        data = optarg;
    }
    for (size_t i = 0; optind < argc && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(argv[optind], verbs[i].name) || argc - optind - 1 != verbs[i].names)
            continue;
        code = suite_open(&suite, data);
        if (code == CLI_OK)
            code = verbs[i].run(suite, argv[optind + 1]);
        suite_close(suite);
        return code;
    }
    return suite_usage("keys", "say make NAME, list, revoke NAME, sign SERVICE or public SERVICE");
}
