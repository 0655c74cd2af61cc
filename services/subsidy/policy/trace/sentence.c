/* Words and figures of a trace's sentences, English or Chinese. */
#include "subsidy/policy/trace/sentence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"

const char *
either(const struct sentence *s, const char *en, const char *zh)
{
    return s->zh ? zh : en;
}

/* Appends, cut at VALUE_TEXT. */
static void
add(char *buf, const char *separator, const char *word)
{
    size_t used = strlen(buf);

    snprintf(buf + used, VALUE_TEXT - used, "%s%s", used ? separator : "", word);
}

void
words_text(const struct sentence *s, const struct vocabulary *words, uint64_t mask, char *buf)
{
    buf[0] = '\0';
    for (size_t i = 0; i < words->count; i++)
        if (mask & POLICY_BIT(words->words[i].number))
            add(buf, either(s, ", ", "、"), either(s, words->words[i].name, words->words[i].zh));
    if (!*buf)
        add(buf, "", either(s, "none", "无"));
}

void
level_text(const struct sentence *s, uint64_t mask, char *buf)
{
    static const struct word levels[] = {{5, "5 (junior)", "五级（初级工）"},
                                         {4, "4 (intermediate)", "四级（中级工）"},
                                         {3, "3 (senior)", "三级（高级工）"},
                                         {2, "2 (technician)", "二级（技师）"},
                                         {1, "1 (senior technician)", "一级（高级技师）"}};
    static const struct vocabulary vocabulary = {"level", levels, sizeof(levels) / sizeof(levels[0])};

    words_text(s, &vocabulary, mask, buf);
}

/* The pack's own words have no English but their names. */
static void
own_words_text(const struct sentence *s, Policy__Fact fact, uint64_t mask, char *buf)
{
    const Policy__Pack *pack = s->pack;
    bool shortage = fact == POLICY__FACT__SHORTAGE;
    size_t count = shortage ? pack->n_shortages : pack->n_lists;

    buf[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (mask & POLICY_BIT(i + 1))
            add(buf, either(s, ", ", "、"),
                shortage ? either(s, pack->shortages[i]->name, pack->shortages[i]->zh)
                         : either(s, pack->lists[i]->name, pack->lists[i]->zh));
    if (!*buf)
        add(buf, "", either(s, "none", "无"));
}

const char *
fact_text(const struct sentence *s, Policy__Fact fact, int64_t value, char *buf)
{
    char money[MONEY_TEXT];

    switch (fact_words[fact].form) {
    case FACT_WORDS:
        words_text(s, fact_words[fact].words, (uint64_t)value, buf);
        break;
    case FACT_LEVELS:
        level_text(s, (uint64_t)value, buf);
        break;
    case FACT_TRUTH:
        snprintf(buf, VALUE_TEXT, "%s", value ? either(s, "yes", "是") : either(s, "no", "否"));
        break;
    case FACT_MONEY:
        snprintf(buf, VALUE_TEXT, either(s, "%s %s", "%s%s"), money_format(value, money), either(s, "yuan", "元"));
        break;
    case FACT_PACK_WORDS:
        own_words_text(s, fact, (uint64_t)value, buf);
        break;
    case FACT_NUMBER:
        snprintf(buf, VALUE_TEXT, "%" PRId64, value);
        break;
    }
    return buf;
}

const char *
fact_name(const struct sentence *s, Policy__Fact fact)
{
    return either(s, fact_words[fact].en, fact_words[fact].zh);
}

const char *
item_text(const struct sentence *s, int item)
{
    for (size_t i = 0; !s->zh && i < s->pack->n_items; i++)
        if ((int)s->pack->items[i]->number == item)
            return s->pack->items[i]->en;
    return either(s, pack_item_name(s->pack, item), pack_item_zh(s->pack, item));
}
