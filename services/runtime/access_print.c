/* Who may do what at a service, from its own tables: a line a method and an event, for auditors and tests. */
#include "runtime/host.h"

#include <stdio.h>

static void
print_roles(uint32_t roles)
{
    if (roles == ROLE_ANYONE)
        printf(" anyone");
    for (size_t i = 0; i < jn_role_names_count && roles != ROLE_ANYONE; i++) {
        if (roles & jn_role_names[i].role)
            printf(" %s", jn_role_names[i].name);
    }
    printf("\n");
}

void
jn_access_print(const struct jn_service *service)
{
    for (size_t i = 0; i < service->methods_count; i++) {
        printf("method %s.%s", service->name, service->methods[i].name);
        print_roles(service->methods[i].roles);
    }
    for (size_t i = 0; i < jn_own_methods_count; i++) {
        printf("method %s.%s", service->name, jn_own_methods[i].name);
        print_roles(jn_own_methods[i].roles);
    }
    for (size_t i = 0; i < service->events_count; i++) {
        const struct jn_event *event = &service->events[i];

        printf("event %s.%s%s", service->name,
               protobuf_c_message_descriptor_get_field(service->event, event->type)->name,
               event->personal ? " personal" : "");
        print_roles(event->readers | (event->personal ? 0 : (uint32_t)ROLE_AUDITOR));
    }
}
