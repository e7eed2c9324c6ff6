// Package template is the text of mails: versioned templates in English and German, and how they are filled in. A
// missing parameter is an error, and what a parameter holds is shown as text, never as markup.
//
// It owns no decision about a mail, and no person: whom a mail greets is a parameter.
package template

import (
	"maps"
	"slices"

	"example.com/handover/pkg/errs"
)

// Reasons of refusals.
const (
	ReasonTemplateUnknown    = "TEMPLATE_UNKNOWN"
	ReasonParamMissing       = "PARAM_MISSING"
	ReasonParamUnknown       = "PARAM_UNKNOWN"
	ReasonAttachmentRequired = "ATTACHMENT_REQUIRED"
)

// Parameters that the service itself gives to every template.
const (
	greeted   = "greeted"   // name of the one person that it goes to; empty: several, or nobody yet
	reference = "reference" // id of the order; empty: none yet

	guides = "guidance" // links to pages that help; none: nobody has set one

	forOperations = "operations" // empty: the readers are a customer's
)

// Template is one version of the text of a mail. A version never changes: a better text is a new version.
type Template struct {
	Key             string // "template.<key>" is what people call it
	Version         int    // from 1
	Params          []string
	Optional        []string // the text copes without them
	Secrets         []string // needed, and forgotten once the mail is sent
	Repeat          bool     // sent again after a lost answer: two mails are better than none
	AttachesInvoice bool
	ForOperations   bool // its readers work for the reseller
}

// Find returns the newest version of a template. Refused with TEMPLATE_UNKNOWN.
func Find(key string) (Template, error) {
	var found Template
	for _, t := range All() {
		if t.Key == key && t.Version > found.Version {
			found = t
		}
	}
	if found.Version == 0 {
		return Template{}, errs.InvalidField("template_key", ReasonTemplateUnknown, "there is no template %q", key)
	}
	return found, nil
}

// Newest returns the newest version of each template, by key.
func Newest() []Template {
	newest := map[string]Template{}
	for _, t := range All() {
		if t.Version > newest[t.Key].Version {
			newest[t.Key] = t
		}
	}
	var all []Template
	for _, key := range slices.Sorted(maps.Keys(newest)) {
		all = append(all, newest[key])
	}
	return all
}

// Admit holds what a mail is asked for with against what the template needs. Refused with PARAM_MISSING,
// PARAM_UNKNOWN and ATTACHMENT_REQUIRED.
func (t Template) Admit(params, secrets map[string]string, invoice bool) error {
	if invoice != t.AttachesInvoice {
		return errs.InvalidField("invoice_id", ReasonAttachmentRequired,
			"template %s attaches an invoice: %t; one is named: %t", t.Key, t.AttachesInvoice, invoice)
	}
	if err := admit("params", params, t.Params, t.Optional); err != nil {
		return err
	}
	return admit("secret_params", secrets, t.Secrets, nil)
}

// admit says of each parameter what is wrong with it. The path of a violation is that of the request.
func admit(field string, given map[string]string, needed, optional []string) error {
	missing := errs.New(errs.Invalid, ReasonParamMissing, "the template needs more parameters")
	unknown := errs.New(errs.Invalid, ReasonParamUnknown, "the template does not know a parameter")
	for _, p := range needed {
		if given[p] == "" {
			missing = missing.WithField(field+"."+p, ReasonParamMissing, "the template needs it")
		}
	}
	for _, p := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(needed, p) && !slices.Contains(optional, p) {
			unknown = unknown.WithField(field+"."+p, ReasonParamUnknown, "the template does not know it")
		}
	}
	switch {
	case len(missing.Fields) > 0:
		return missing
	case len(unknown.Fields) > 0:
		return unknown
	}
	return nil
}
