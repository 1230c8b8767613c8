package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"astara/media/recorder"
	"astara/meeting"
	"astara/record"
	"astara/store"
)

// recordings is the folder of a node's recordings.
func (c Config) recordings() string { return filepath.Join(c.Data, "recordings") }

// listName is the file that says in words what the others of an export's folder are.
const listName = "recordings.txt"

func recordedPath(folder string, part int, name string) string {
	return filepath.Join(folder, strconv.Itoa(part), name)
}

// kept are the parts of a consultation whose files are there: closed, and not erased.
func kept(ctx context.Context, s *store.Store, id meeting.ConsultationID) (*meeting.Meeting, []meeting.RecordedPart, error) {
	events, err := s.Events(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	m, erased := meeting.Restore(id, events), map[int]bool{}
	for _, e := range events {
		if b, ok := e.Body.(meeting.ThingErased); ok && b.What == meeting.ErasedRecording {
			erased[b.Part] = true
		}
	}
	var out []meeting.RecordedPart
	for _, p := range m.Recording.Parts {
		if len(p.Files) > 0 && !erased[p.Part] {
			out = append(out, p)
		}
	}
	return m, out, nil
}

// exportRecordings copies a consultation's recordings into a new folder, checked against the record, with a list in words.
func (o *office) exportRecordings(ctx context.Context, id meeting.ConsultationID, folder string) (files int, err error) {
	m, parts, err := kept(ctx, o.store, id)
	if err != nil {
		return 0, err
	}
	if len(parts) == 0 {
		return 0, fmt.Errorf("%s has no recordings", id)
	}
	if !m.RecordingOpen() {
		return 0, fmt.Errorf("the recordings of %s have not been released by all sides", id)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return 0, fmt.Errorf("export recordings: %w", err)
	}
	list := "astara recordings 1\n" + string(id) + "\n"
	for _, p := range parts {
		for _, f := range p.Files {
			if err := o.recordings().Copy(string(id), p.Part, f.Name, recordedPath(folder, p.Part, f.Name), f.Bytes, f.SHA256); err != nil {
				return files, fmt.Errorf("recording %d, %s: %w", p.Part, f.Name, err)
			}
			files++
			list += fmt.Sprintf("%d/%s  %d ms  %s\n", p.Part, f.Name, f.Millis, described(f))
		}
	}
	return files, writeNew(filepath.Join(folder, listName), []byte(list))
}

// described says what a file is of. Interpretations are marked wherever they are named.
func described(f meeting.RecordedFile) string {
	if f.Source == meeting.RecordedChannel {
		return fmt.Sprintf("interpretation into %s, not authentic", f.Language)
	}
	return fmt.Sprintf("%s of %s", f.Source, f.Member)
}

// checkRecordings compares a folder with what a verified record says of its recordings. Parts that were erased need not be there.
func checkRecordings(v record.Verified, folder string) (files int, err error) {
	for _, p := range v.Recordings {
		for _, f := range p.Files {
			path := recordedPath(folder, p.Part, f.Name)
			if !filepath.IsLocal(f.Name) {
				return files, fmt.Errorf("recording %d: %q is no name of a file", p.Part, f.Name)
			}
			err := recorder.Check(path, f.Bytes, f.SHA256)
			switch {
			case errors.Is(err, fs.ErrNotExist) && erasedPart(v, p.Part):
				continue
			case errors.Is(err, fs.ErrNotExist):
				return files, fmt.Errorf("%s is missing, which the record names", path)
			case errors.Is(err, recorder.ErrChanged):
				return files, fmt.Errorf("%s is not the file that the record names: it was changed or cut", path)
			case err != nil:
				return files, err
			}
			files++
		}
	}
	return files, nil
}

func erasedPart(v record.Verified, part int) bool {
	for _, x := range v.Erasures {
		if x.What == meeting.ErasedRecording && x.Part == part {
			return true
		}
	}
	return false
}

// backupRecordings copies what a folder of an earlier backup has not.
func (o *office) backupRecordings(ctx context.Context, folder string) (files int, err error) {
	ids, err := o.store.AllConsultations(ctx)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, fmt.Errorf("backup recordings: %w", err)
	}
	for _, id := range ids {
		_, parts, err := kept(ctx, o.store, id)
		if err != nil {
			return files, err
		}
		there := filepath.Join(folder, string(id))
		for _, p := range parts {
			for _, f := range p.Files {
				to := recordedPath(there, p.Part, f.Name)
				if recorder.Check(to, f.Bytes, f.SHA256) == nil {
					continue
				}
				if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) { // cut, or changed
					return files, fmt.Errorf("backup recordings: %w", err)
				}
				if err := o.recordings().Copy(string(id), p.Part, f.Name, to, f.Bytes, f.SHA256); err != nil {
					return files, fmt.Errorf("recording %d of %s, %s: %w", p.Part, id, f.Name, err)
				}
				files++
			}
			if err := o.recordings().CopyList(string(id), p.Part, filepath.Join(there, strconv.Itoa(p.Part))); err != nil {
				return files, err
			}
		}
	}
	return files, nil
}
