package actors

import (
	"context"
	"fmt"
	"slices"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Agent works in ServiceNow. The person has the sandbox's rights.
type Agent struct{ Person }

// Records are ServiceNow's records of a case of the suite; of every case when none is named.
func (a Agent) Records(ctx context.Context, caseID string) (records []*sandboxv1.ServiceNowRecord, err error) {
	for token := ""; ; {
		resp, err := a.Sandbox.ListServiceNowRecords(a.In(ctx), &sandboxv1.ListServiceNowRecordsRequest{
			CorrelationId: caseID, PageSize: page, PageToken: token,
		})
		if err != nil {
			return nil, err
		}
		records = append(records, resp.GetRecords()...)
		if token = resp.GetNextPageToken(); token == "" {
			return records, nil
		}
	}
}

// Record is the one record of a case that counts: one that is closed or cancelled does not.
func (a Agent) Record(ctx context.Context, caseID string) (*sandboxv1.ServiceNowRecord, error) {
	all, err := a.Records(ctx, caseID)
	if err != nil {
		return nil, err
	}
	counts := slices.DeleteFunc(all, func(r *sandboxv1.ServiceNowRecord) bool {
		return slices.Contains([]string{"3", "7"}, r.GetFields()["state"])
	})
	if n := len(counts); n != 1 {
		return nil, fmt.Errorf("ServiceNow has %d records of the case %s", n, caseID)
	}
	return counts[0], nil
}

// Comment takes the record of a case into work and answers in it.
func (a Agent) Comment(ctx context.Context, caseID, text string) error {
	record, err := a.Record(ctx, caseID)
	if err != nil {
		return err
	}
	_, err = a.Sandbox.UpdateServiceNowRecord(a.Once(ctx), &sandboxv1.UpdateServiceNowRecordRequest{
		SysId: record.GetSysId(), Fields: map[string]string{"state": "10", "comments": text},
	})
	return err
}

// ResolveCase resolves the record of a case.
func (a Agent) ResolveCase(ctx context.Context, caseID, notes string) error {
	record, err := a.Record(ctx, caseID)
	if err != nil {
		return err
	}
	_, err = a.Sandbox.ResolveServiceNowRecord(a.Once(ctx), &sandboxv1.ResolveServiceNowRecordRequest{SysId: record.GetSysId(), Notes: notes})
	return err
}
