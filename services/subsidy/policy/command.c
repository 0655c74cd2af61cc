/* The policy commands of the operator's tool. */
#include "subsidy/policy/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/words.h"
#include "subsidy/policy/cases/cases.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/file/pack_begin.h"
#include "subsidy/policy/file/pack_file.h"
#include "subsidy/policy/file/pack_words.h"
#include "subsidy/policy/review/review.h"

static const char usage[] =
    "usage: jineng policy new [--packs FOLDER] ID              starts a pack and its cases, to be filled in\n"
    "       jineng policy check [--standards FILE] PACK...     reviews packs that belong together, and the standards "
    "that\n"
    "                                                          divisions have set; 1 where something is wrong\n"
    "       jineng policy show PACK...                         prints the whole pack, with what it inherits of the one "
    "that\n"
    "                                                          it amends, and where each part is written\n"
    "       jineng policy words [VOCABULARY...]                lists the words that a pack may say: reasons, items, "
    "funds, ...\n"
    "       jineng policy readings PACK...                     lists where the source left room, and how it was read\n"
    "       jineng policy test [--packs FOLDER] CASES...       runs cases; 1 where one failed\n"
    "       jineng policy explain [--packs FOLDER] [--zh] CASES...   prints each case's full trace\n"
    "\n"
    "Packs are looked for in FOLDER, else in $JINENG_PACKS, else in deploy/policy.\n"
    "\n"
    "Of a suite that runs or has run: jineng policy impact says what a draft would change, before anything is done;\n"
    "propose, cases, approve, withdraw and drafts are its way into force: jineng help policy\n";

struct options {
    const char *packs, *standards;
    enum trace_language language;
    const char *const *files;
    size_t count;
};

static bool
options_read(int argc, char **argv, struct options *out)
{
    const char *packs = getenv("JINENG_PACKS");
    int i = 2;

    *out = (struct options){.packs = packs && *packs ? packs : "deploy/policy"};
    for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
        if (!strcmp(argv[i], "--zh"))
            out->language = TRACE_CHINESE;
        else if (!strcmp(argv[i], "--packs") && i + 1 < argc)
            out->packs = argv[++i];
        else if (!strcmp(argv[i], "--standards") && i + 1 < argc)
            out->standards = argv[++i];
        else
            return false;
    }
    out->files = (const char *const *)argv + i;
    out->count = (size_t)(argc - i);
    return true;
}

static int
check(const struct options *options)
{
    return review(options->files, options->count, options->standards, stdout) > 0;
}

static int
new_pack(const struct options *options)
{
    int failed = 0;

    for (size_t i = 0; i < options->count; i++)
        failed |= pack_begin(options->packs, options->files[i], stdout) != 0;
    return failed;
}

static void
reading(const char *about, const char *clause, const char *text)
{
    if (*text)
        printf("%s%s%s%s: %s\n", about, *clause ? " (" : "", clause, *clause ? ")" : "", text);
}

static void
way_readings(const Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_way; i++)
        reading(word_name(&words_way_steps, (int)pack->way[i]->kind), pack->way[i]->clause, pack->way[i]->reading);
    for (size_t i = 0; i < pack->n_gates; i++)
        reading(word_name(&words_gates, (int)pack->gates[i]->gate), pack->gates[i]->clause, pack->gates[i]->reading);
    if (pack->terms)
        reading("terms", pack->terms->clause, pack->terms->reading);
}

static void
readings_print(const Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_readings; i++)
        reading(pack->readings[i]->about, "", pack->readings[i]->text);
    for (size_t i = 0; i < pack->n_rules; i++) {
        const Policy__Rule *rule = pack->rules[i];

        reading(pack_item_name(pack, (int)rule->item), rule->clause, rule->reading);
        if (rule->standard)
            reading(pack_item_name(pack, (int)rule->item), rule->clause, rule->standard->reading);
    }
    for (size_t i = 0; i < pack->n_limits; i++)
        reading(word_name(&words_reasons, (int)pack->limits[i]->reason), pack->limits[i]->clause,
                pack->limits[i]->reading);
    for (size_t i = 0; i < pack->n_grants; i++)
        reading(word_name(&words_purposes, (int)pack->grants[i]->purpose), pack->grants[i]->clause,
                pack->grants[i]->reading);
    way_readings(pack);
}

static int
readings(const struct options *options)
{
    char fault[PACK_FAULT_MAX];
    int failed = 0;

    for (size_t i = 0; i < options->count; i++) {
        Policy__Pack *pack = pack_load(options->files[i], fault, sizeof(fault));

        if (pack)
            readings_print(pack);
        else
            printf("%s\n", fault);
        failed |= !pack;
        pack_free(pack);
    }
    return failed;
}

static int
show(const struct options *options)
{
    char fault[PACK_FAULT_MAX];
    int failed = 0;

    for (size_t i = 0; i < options->count; i++) {
        struct pack_file *file = pack_file_open(options->files[i], fault, sizeof(fault));

        if (file)
            pack_file_show(file, stdout);
        else
            printf("%s\n", fault);
        failed |= !file;
        pack_file_close(file);
    }
    return failed;
}

/* Those of the vocabularies that are named; all where none is. */
static void
tell_word(void *context, const char *vocabulary, const char *word, const char *zh)
{
    const struct options *options = context;
    bool wanted = options->count == 0;

    for (size_t i = 0; i < options->count; i++)
        wanted |= !strcmp(options->files[i], vocabulary);
    if (wanted)
        printf("%-12s %-30s %s\n", vocabulary, word, zh);
}

static int
words(const struct options *options)
{
    struct options wanted = *options;

    pack_words(tell_word, &wanted);
    return 0;
}

static int
test(const struct options *options)
{
    return cases_run(options->packs, options->files, options->count, stdout);
}

static int
explain(const struct options *options)
{
    int failed = 0;

    for (size_t i = 0; i < options->count; i++)
        failed |= cases_explain(options->packs, options->files[i], options->language, stdout);
    return failed;
}

static const struct {
    const char *name;
    int (*run)(const struct options *options);
    size_t least; /* so many files */
} commands[] = {{"new", new_pack, 1},      {"check", check, 1}, {"show", show, 1},      {"words", words, 0},
                {"readings", readings, 1}, {"test", test, 1},   {"explain", explain, 1}};

static bool
known(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (!strcmp(name, commands[i].name))
            return true;
    return false;
}

int
policy_command(int argc, char **argv)
{
    struct options options;

    if (argc >= 2 && options_read(argc, argv, &options))
        for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
            if (!strcmp(argv[1], commands[i].name) && options.count >= commands[i].least)
                return commands[i].run(&options);
    if (argc >= 2 && argv[1][0] != '-' && !known(argv[1]))
        fprintf(stderr, "jineng policy: \"%s\" is none of its subcommands\n", argv[1]);
    fputs(usage, stderr);
    return 2;
}
