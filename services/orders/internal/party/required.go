package party

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// field is one that must be there.
type field struct {
	path  string
	given bool
	or    string // of another field that suffices
}

func (f field) missing() string {
	if f.or != "" {
		return "is missing, and " + f.or + " too"
	}
	return "is missing"
}

// required refuses with one violation per field that is missing.
func required(fields ...field) error {
	err := errs.New(errs.Invalid, ReasonFieldRequired, "fields are missing").
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.fill_in_request")})
	for _, f := range fields {
		if !f.given {
			err = err.WithField(f.path, ReasonFieldRequired, f.missing())
		}
	}
	if len(err.Fields) == 0 {
		return nil
	}
	return err
}

// FieldRequired is the refusal of a call that lacks a field.
func FieldRequired(path string) error { return required(field{path: path}) }
