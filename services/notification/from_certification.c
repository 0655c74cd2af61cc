/* What certification (鉴定发证) tells. */
#include "notification/notification.h"

enum jn_code
tell_results_closed(struct jn_decision *d, const Certification__ResultsClosed *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__RESULTS_CLOSED, source);
    struct notice special = notice_of(NOTIFICATION__KIND__SPECIAL_OPERATIONS_PASSED, source);

    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.division = event->division;
    special.needs = notice.needs;
    special.item.reference = special.item.class_ = event->class_;
    special.item.division = event->division;
    notice.item.count = event->count;
    special.item.count = event->special_operations;
    notice_deliver(d, &notice, NULL);
    return event->special_operations > 0 ? notice_deliver(d, &special, NULL) : JN_OK;
}

enum jn_code
tell_certificate_revoked(struct jn_decision *d, const Certification__CertificateRevoked *event,
                         const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CERTIFICATE_REVOKED, source);

    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.reference = event->certificate;
    notice.item.class_ = event->class_;
    notice.item.division = event->division;
    notice.item.count = 1;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_certificates_lapsed(struct jn_decision *d, const Certification__CertificatesLapsed *event,
                         const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CERTIFICATES_LAPSED, source);

    if (event->n_rows == 0)
        return JN_OK;
    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.reference = event->rows[0]->certificate;
    notice.item.class_ = event->class_;
    notice.item.division = event->division;
    notice.item.count = (uint32_t)event->n_rows;
    return notice_deliver(d, &notice, NULL);
}
