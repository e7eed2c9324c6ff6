package costexplorer

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// isDimension reports whether usage is recorded with this dimension.
func isDimension(key string) bool { return value(state.Usage{}, key) != "" }

// value is a line's value of a dimension; empty only for a dimension that is not recorded. AWS has words for none.
func value(u state.Usage, key string) string {
	switch types.Dimension(key) {
	case types.DimensionService:
		return cmp.Or(u.Service, "NoService")
	case types.DimensionLinkedAccount:
		return cmp.Or(u.Account, "NoLinkedAccount")
	case types.DimensionRecordType:
		return cmp.Or(u.RecordType, "Other")
	case types.DimensionUsageType:
		return cmp.Or(u.UsageType, "NoUsageType")
	case types.DimensionRegion:
		return cmp.Or(u.Region, "NoRegion")
	case types.DimensionBillingEntity:
		return cmp.Or(u.BillingEntity, state.BilledByAWS)
	case types.DimensionLegalEntityName:
		return cmp.Or(u.LegalEntity, bill.InvoicingEntity)
	case types.DimensionInvoicingEntity:
		return bill.InvoicingEntity
	default:
		return ""
	}
}
