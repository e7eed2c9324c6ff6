package catalog

import "strings"

// money writes an amount with its currency, "1234.50 CHF", as the language does. It rounds nothing.
func (t *tongue) money(value string) string {
	amount, currency, ok := strings.Cut(value, " ")
	if !ok {
		return value
	}
	whole, rest, fraction := strings.Cut(amount, ".")
	digits, negative := strings.CutPrefix(whole, "-")
	var grouped string
	for len(digits) > 3 {
		grouped, digits = t.render("number.group", nil)+digits[len(digits)-3:]+grouped, digits[:len(digits)-3]
	}
	grouped = digits + grouped
	if negative {
		grouped = "-" + grouped
	}
	if fraction {
		grouped += t.render("number.point", nil) + rest
	}
	return t.render("number.money", map[string]string{"amount": grouped, "currency": currency})
}
