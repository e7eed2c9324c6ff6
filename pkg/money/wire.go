package money

import "encoding/json"

type wire struct {
	Currency string `json:"currency_code"`
	Amount   string `json:"amount"`
}

// MarshalJSON returns {"currency_code":"EUR","amount":"12.50"}.
func (m Money) MarshalJSON() ([]byte, error) { return json.Marshal(wire{m.currency, m.Amount()}) }

// UnmarshalJSON reads what MarshalJSON writes. The amount must be a string: a JSON number is a float to most readers.
func (m *Money) UnmarshalJSON(data []byte) error {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if d, err := decimal(w.Amount); err == nil && w.Currency == "" && d.IsZero() {
		*m = Money{} // a document may hold a sum that nobody has begun
		return nil
	}
	parsed, err := Parse(w.Currency, w.Amount)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// MarshalText returns the plain decimal.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a plain decimal.
func (r *Rate) UnmarshalText(text []byte) error {
	parsed, err := ParseRate(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}
