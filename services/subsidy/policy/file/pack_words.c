/* All closed vocabularies of packs, from the tables that read them. */
#include "subsidy/policy/file/pack_words.h"

#include "subsidy/policy/facts.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/file/pack_file.h"
#include "subsidy/policy/pack.h"

void
pack_words(pack_word_told *told, void *context)
{
    static const struct {
        const char *name;
        const struct vocabulary *words;
    } all[] = {{"item", &words_items},
               {"group", &words_groups},
               {"class", &words_class_kinds},
               {"certificate", &words_certificate_kinds},
               {"household", &words_households},
               {"employer", &words_institution_kinds},
               {"sex", &words_sexes},
               {"outcome", &words_outcomes},
               {"fund", &words_funds},
               {"payee", &words_payees},
               {"purpose", &words_purposes},
               {"unit", &words_units},
               {"kind", &words_limit_kinds},
               {"reason", &words_reasons},
               {"step", &words_way_steps},
               {"by", &words_way_hands},
               {"gate", &words_gates}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        for (size_t j = 0; j < all[i].words->count; j++)
            told(context, all[i].name, all[i].words->words[j].name, all[i].words->words[j].zh);
    for (int fact = 1; fact < POLICY_FACT_COUNT; fact++)
        told(context, "fact", fact_words[fact].name, fact_words[fact].zh);
    for (size_t i = 0; i < amend_keys_count; i++)
        told(context, "amending", amend_keys[i].key, amend_hows[amend_keys[i].how]);
}
