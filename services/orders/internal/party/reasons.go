package party

// Reasons of refusals, as the contract names them.
const (
	ReasonFieldRequired            = "FIELD_REQUIRED"
	ReasonCountryNotServed         = "COUNTRY_NOT_SERVED"
	ReasonCurrencyNotServed        = "CURRENCY_NOT_SERVED"
	ReasonCurrencyInUse            = "CURRENCY_IN_USE"
	ReasonCountryUnknown           = "COUNTRY_UNKNOWN"
	ReasonCountryInUse             = "COUNTRY_IN_USE"
	ReasonTaxNumberInvalid         = "TAX_NUMBER_INVALID"
	ReasonBankAccountInvalid       = "BANK_ACCOUNT_INVALID"
	ReasonLanguageUnknown          = "LANGUAGE_UNKNOWN"
	ReasonTimeZoneUnknown          = "TIME_ZONE_UNKNOWN"
	ReasonLegalEntityUnknown       = "LEGAL_ENTITY_UNKNOWN"
	ReasonEntryTwice               = "ENTRY_TWICE"
	ReasonPersonUnknown            = "PERSON_UNKNOWN"
	ReasonPersonNeeded             = "PERSON_NEEDED"
	ReasonTooManyPersons           = "TOO_MANY_PERSONS"
	ReasonRIPassThroughUnavailable = "RI_PASS_THROUGH_UNAVAILABLE"
	ReasonPricebookUnknown         = "PRICEBOOK_UNKNOWN"
	ReasonPricebookMismatch        = "PRICEBOOK_CURRENCY_MISMATCH"
	ReasonNameTooShort             = "NAME_TOO_SHORT"
	ReasonValidityPast             = "VALIDITY_PAST"
	ReasonExceptionMissing         = "EXCEPTION_MISSING"
	ReasonRoleDenied               = "ROLE_DENIED" // shared by all services
)

// Names of facts about sellers and customers; people have none that anybody else may see.
const (
	FactCreated       = "created"
	FactUpdated       = "updated"
	FactPersonAdded   = "person_added" // of the customer, as the next four
	FactPersonUpdated = "person_updated"
	FactPersonRemoved = "person_removed"
	FactPersonErased  = "person_erased"
	FactProviderSet   = "provider_set"

	FactExceptionGranted = "exception_granted"
	FactExceptionRevoked = "exception_revoked"

	FactErased = "erased" // of the person itself, private
)
