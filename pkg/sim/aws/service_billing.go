package aws

import (
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/billing"
	"example.com/handover/pkg/sim/aws/billingconductor"
	"example.com/handover/pkg/sim/aws/costexplorer"
	"example.com/handover/pkg/sim/aws/invoicing"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/wire"
)

// billingServices are those that show and shape what a payer pays.
func billingServices(s *state.State, settings bill.Settings) map[string]service {
	small := wire.Style{Camel: true}
	return map[string]service{
		"billingconductor": {
			protocol:  wire.REST{Routes: billingconductor.Routes()},
			methods:   wire.Methods(billingconductor.New(s, settings)),
			status:    billingconductor.Status,
			throttled: billingconductor.Throttled,
			failed:    billingconductor.Failed,
			codes:     jsonCodes(),
		},
		"billing": {
			protocol:  wire.JSON{Target: "AWSBilling", Version: "1.0", Style: small, Errors: small},
			methods:   wire.Methods(billing.New(s, settings)),
			status:    billing.Status,
			throttled: billing.Throttled,
			failed:    billing.Failed,
			codes:     jsonCodes(),
		},
		"ce": {
			protocol:  wire.JSON{Target: "AWSInsightsIndexService"},
			methods:   wire.Methods(costexplorer.New(s, settings)),
			status:    costexplorer.Status,
			throttled: costexplorer.Throttled,
			failed:    costexplorer.Failed,
			codes:     jsonCodes(),
		},
		"invoicing": {
			protocol:  wire.JSON{Target: "Invoicing", Version: "1.0", Errors: small},
			methods:   wire.Methods(invoicing.New(s, settings)),
			status:    invoicing.Status,
			throttled: invoicing.Throttled,
			failed:    invoicing.Failed,
			codes:     jsonCodes(),
		},
	}
}
