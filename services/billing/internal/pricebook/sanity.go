package pricebook

import (
	"fmt"

	"golang.org/x/text/currency"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/money"
)

// The least and the most percent of a rule: all is given away, and what can only be a slip of the pen beyond.
const (
	leastPercent = "-100"
	mostPercent  = "1000"
)

// saneRule refuses a percentage that would take more off than there is, or adds what nobody means.
func saneRule(r Rule, path string) error {
	below, err := compare(r.Percent, leastPercent)
	if err != nil {
		return err
	}
	above, err := compare(r.Percent, mostPercent)
	if err != nil {
		return err
	}
	least, most := leastPercent, mostPercent
	if r.Category == PartnerLedSupport {
		least = "0" // it is no discount
		below, err = compare(r.Percent, least)
	}
	if r.Category == PartnerLedSupportDiscount {
		most = "0" // it is nothing else
		above, err = compare(r.Percent, most)
	}
	if err != nil {
		return err
	}
	if below < 0 || above > 0 {
		return errs.InvalidField(path+".percent", ReasonPercentInvalid, "%s is not from %s to %s", r.Percent, least, most)
	}
	return nil
}

// saneRate refuses a rate that would make nothing of everything.
func saneRate(r ExchangeRate, path string) error {
	if err := knownCurrency(r.SourceCurrencyCode, path+".source_currency_code"); err != nil {
		return err
	}
	sign, err := compare(r.Rate, "0")
	if err == nil && sign <= 0 {
		return errs.InvalidField(path+".rate", ReasonRateInvalid, "%s is not above zero", r.Rate)
	}
	return err
}

func knownCurrency(code, path string) error {
	if _, err := currency.ParseISO(code); err != nil {
		return errs.InvalidField(path, ReasonCurrencyUnknown, "ISO 4217 has no currency %q", code)
	}
	return nil
}

// compare returns -1, 0 or 1, as the rate is below, at or above a limit.
func compare(r money.Rate, limit string) (int, error) {
	const any = "XXX" // no currency: rates have none
	value, err := money.Parse(any, r.String())
	if err != nil {
		return 0, err
	}
	bound, err := money.Parse(any, limit)
	if err != nil {
		return 0, err
	}
	return value.Cmp(bound)
}

// sane checks the values, field by field.
func (b *Pricebook) sane() error {
	if err := knownCurrency(b.CurrencyCode, "pricebook.currency_code"); err != nil {
		return err
	}
	for i, r := range b.Rules {
		if err := saneRule(r, fmt.Sprintf("pricebook.rules[%d]", i)); err != nil {
			return err
		}
	}
	for i, r := range b.Rates {
		if err := saneRate(r, fmt.Sprintf("pricebook.exchange_rates[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}
