package accountrequest

import (
	"slices"

	"example.com/handover/pkg/errs"
)

// Region is where a group of Cloud Support Ops works.
type Region struct {
	Name      string
	Group     string
	Countries []string // ISO 3166-1 alpha-2; none: all that no other region has
	Inbox     string   // where missing information may come to by mail; empty: it may not
}

// Regions are all of them.
type Regions []Region

// route finds the named region, or that of a country (SUP-008). Refused with REGION_UNKNOWN.
func (rs Regions) route(name, country string) (Region, error) {
	for _, r := range rs {
		if name != "" && r.Name == name || name == "" && slices.Contains(r.Countries, country) {
			return r, nil
		}
	}
	for _, r := range rs {
		if name == "" && len(r.Countries) == 0 {
			return r, nil
		}
	}
	return Region{}, errs.InvalidField("account_request.region", ReasonRegionUnknown, "no region %q serves country %q", name, country).
		WithRemedy(operatorMends("remedy.choose-region"))
}

// Admits refuses an operator who works for other regions; one whose regions nobody has named works for all.
func (r *Request) Admits(regions []string) error {
	if len(regions) == 0 || slices.Contains(regions, r.Region) {
		return nil
	}
	return errs.New(errs.Denied, ReasonRegionDenied, "the request is for Cloud Support Ops of region %s", r.Region)
}
