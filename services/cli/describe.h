/* The contract for people: methods and the fields of their messages. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include "cli/suite.h"

void describe_service(const struct contract *contract);
void describe_method(const struct contract *contract, const ProtobufCMethodDescriptor *method);

#endif
