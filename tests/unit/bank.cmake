# Files for the bank: written, read, hostile; held against the ledger. Schemas of ISO 20022 are beside this file.
if(TARGET jn_bank)
  foreach(part order answer hostile booking)
    jineng_unit_test(bank-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/bank_${part}.c ${CMAKE_CURRENT_SOURCE_DIR}/bank_given.c LINKS jn_bank)
    target_compile_definitions(test-bank-${part} PRIVATE BANK_SCHEMAS="${CMAKE_CURRENT_SOURCE_DIR}/iso20022")
  endforeach()
endif()
