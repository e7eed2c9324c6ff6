package support

import (
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/channel"
)

// Prefixes of the ids of this service.
const (
	prefixCase    = "cas"
	prefixChannel = "chn"
	prefixComment = "cmt"
)

// tables are the kinds of aggregates in the service's database.
type tables struct {
	db       *store.DB
	cases    *store.Table[cases.Case]
	channels *store.Table[channel.Channel]
}

// openTables takes the words in which the public state in events is said.
func openTables(db *store.DB, words text.Words) *tables {
	return &tables{db: db, cases: store.NewTable(db, caseKind(words)), channels: store.NewTable(db, channelKind())}
}

func caseKind(words text.Words) store.Kind[cases.Case] {
	return store.Kind[cases.Case]{
		Noun: "case", Table: "cases", Prefix: prefixCase, Version: 1,
		Customer:    func(k *cases.Case) string { return k.CustomerID },
		Correlation: func(k *cases.Case) string { return k.Correlation },
		Next:        caseEffects(nil).Next,
		Words: func(k *cases.Case) []string {
			if k.Record == nil {
				return nil
			}
			number := wire.Words(typev1.MatchedBy_MATCHED_BY_CASE_NUMBER, k.Record.Number)
			return append(number, wire.Words(typev1.MatchedBy_MATCHED_BY_RECORD_ID, k.Record.SysID)...)
		},
		Waiting: caseEffects(nil).Waiting(func(k *cases.Case) store.Waiting {
			w := k.Waiting()
			if w == nil {
				return store.Waiting{}
			}
			return store.Waiting{Owner: string(w.Owner), Until: w.Until, Escalated: w.Escalated}
		}),
		Columns: []store.Column[cases.Case]{
			{Name: "state", Value: func(k *cases.Case) any { return k.State }},
			{Name: "kind", Value: func(k *cases.Case) any { return k.Kind }},
			{Name: "audience", Value: func(k *cases.Case) any { return k.Audience }},
			{Name: "external_id", Value: func(k *cases.Case) any { return store.OrNull(k.ExternalID) }},
			{Name: "labels", Value: func(k *cases.Case) any { return wire.LabelKey(k.Labels) }},
		},
		Public: func(m store.Meta, k *cases.Case) proto.Message {
			public := toCase(words, store.Row[cases.Case]{Meta: m, Doc: k})
			public.Comments = nil // what people say to each other is fetched, and never sent around
			return &supportv1.CaseEvent{Case: public}
		},
	}
}

func channelKind() store.Kind[channel.Channel] {
	return store.Kind[channel.Channel]{
		Noun: "channel", Table: "channels", Prefix: prefixChannel, Version: 1,
		Customer:    func(c *channel.Channel) string { return c.CustomerID },
		Correlation: func(c *channel.Channel) string { return c.OrderID },
		Public: func(m store.Meta, c *channel.Channel) proto.Message {
			return &supportv1.ChannelEvent{Channel: toChannel(store.Row[channel.Channel]{Meta: m, Doc: c})}
		},
	}
}

// lock takes the case, and the channel that it sets up or takes away if it does.
func (t *tables) lock(tx *store.Tx, caseID string, k *cases.Case) error {
	switch k.Kind {
	case cases.ChannelSetup:
	case cases.ChannelRemoval:
		return tx.Lock(t.cases.Row(caseID), t.channels.Row(k.SubjectID))
	default:
		return nil
	}
	others, err := t.before(tx, k.Correlation, k.SubjectID)
	if err != nil {
		return err
	}
	rows := []store.Locked{t.cases.Row(caseID), t.channels.Row(k.SubjectID)}
	for _, other := range others {
		rows = append(rows, t.channels.Row(other))
	}
	return tx.Lock(rows...)
}

// before are the ids of the channels of an order that serve or are being set up, and were asked for before one: ids sort by their time.
func (t *tables) before(tx *store.Tx, orderID, one string) (ids []string, err error) {
	q := store.Query{Where: []store.Cond{store.Eq("correlation", orderID)}, Size: mostChannels}
	page, err := t.channels.ListTx(tx, channelOfACase(), q)
	for _, row := range page.Rows {
		if row.ID < one && row.Doc.Replaceable() {
			ids = append(ids, row.ID)
		}
	}
	return ids, err
}

// mostChannels is how many channels of one order are looked at: one for each change of who supports.
const mostChannels = 100

// follow brings the channel of a case to where the case is. Others than cases that set one up or take it away have none.
func (t *tables) follow(tx *store.Tx, k *cases.Case, portalURL string) error {
	if k.Kind != cases.ChannelSetup && k.Kind != cases.ChannelRemoval {
		return nil
	}
	before, err := t.channels.GetForUpdate(tx, channelOfACase(), k.SubjectID)
	if err != nil {
		return err
	}
	setting := before.Doc.State == channel.SettingUp
	after, err := t.channels.Update(tx, channelOfACase(), k.SubjectID, "", func(c *channel.Channel) ([]fact.Fact, error) {
		return c.Follow(k, portalURL, tx.Now())
	})
	if err != nil || !setting || after.Doc.State != channel.Ready {
		return err
	}
	return t.replace(tx, k)
}

// replace ends the channels in whose place the one of a case serves now. lock has locked them.
func (t *tables) replace(tx *store.Tx, k *cases.Case) error {
	others, err := t.before(tx, k.Correlation, k.SubjectID)
	for _, other := range others {
		if err != nil {
			break
		}
		_, err = t.channels.Update(tx, channelOfACase(), other, "", func(c *channel.Channel) ([]fact.Fact, error) {
			return c.Replace(), nil
		})
	}
	return err
}
