package store

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// packer compresses stored answers, which would be the largest part of what a call leaves behind. An answer mostly
// repeats its request, and who repeats the call brings that along: so the request is the dictionary. The packer keeps
// its writers, for one is larger than everything that it writes.
type packer struct{ idle sync.Pool }

func (p *packer) pack(m proto.Message, dictionary []byte) ([]byte, error) {
	typed, err := anypb.New(m)
	if err != nil {
		return nil, err
	}
	text, err := proto.Marshal(typed)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, ok := p.idle.Get().(*flate.Writer)
	if ok {
		w.ResetDict(&packed, dictionary)
	} else if w, err = flate.NewWriterDict(&packed, flate.BestSpeed, dictionary); err != nil {
		return nil, err
	}
	defer p.idle.Put(w)
	_, err = w.Write(text)
	err = errors.Join(err, w.Close())
	return packed.Bytes(), err
}

func unpack(packed, dictionary []byte) (proto.Message, error) {
	text, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(packed), dictionary))
	if err != nil {
		return nil, err
	}
	var typed anypb.Any
	if err := proto.Unmarshal(text, &typed); err != nil {
		return nil, err
	}
	return typed.UnmarshalNew()
}
