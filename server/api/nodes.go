package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// seenEvery is how precisely it is known when a node was last heard of.
const seenEvery = 30 * time.Second

var (
	errBadBench    = tasknet.NewError(tasknet.Invalid, "bad_benchmark", "The challenge is not ours, is another device's, or is older than two minutes; ask for a new one.")
	errBadWorkHash = tasknet.NewError(tasknet.Invalid, "bad_work_hash", "The hash of the work is 32 bytes in hex.")
)

type (
	joinInput struct{ Body wire.NewNode }
	workInput struct{ Body wire.TakeWork }
	beatInput struct {
		LeasePath
		Body wire.Beat
	}
	finishInput struct {
		LeasePath
		Body wire.WorkReceipt
	}
	failInput struct {
		LeasePath
		Body wire.JobFailure
	}
	nodePath struct {
		ID string `path:"id" doc:"The node's id"`
	}
)

// LeasePath is the path of what a node says of a lease.
type LeasePath struct {
	ID string `path:"id" doc:"The lease's id"`
}

// forNode registers an operation for nodes: devices of people, by their token, which have joined. They are no people who are
// here, so nobody takes them for one who could answer.
func forNode[I, O any](s *Server, o huma.Operation, f func(context.Context, *compute.Node, *I) (*O, error)) {
	o.Security = []map[string][]string{{schemeToken: {}}}
	register(s, o, s.node, f)
}

// node finds out which node asks, and that it is here.
func (s *Server) node(c *fiber.Ctx) (*compute.Node, error) {
	return s.nodeWithin(c, s.limits.respondent)
}

// nodeWithin is node for what is counted by a limiter of its own.
func (s *Server) nodeWithin(c *fiber.Ctx, l cache.Limiter) (*compute.Node, error) {
	who, err := s.deviceWithin(c, l)
	if err != nil {
		return nil, err
	}
	n, err := s.Stores.Jobs().Node(c.UserContext(), who.device)
	if err != nil {
		return nil, err
	}
	if now := s.Now(); now.Sub(n.SeenAt) > seenEvery {
		return n, s.Stores.Jobs().SeeNode(c.UserContext(), n.ID, now)
	}
	return n, nil
}

// device finds out which device of whom asks, and counts the request against the device.
func (s *Server) device(c *fiber.Ctx) (respondent, error) {
	return s.deviceWithin(c, s.limits.respondent)
}

func (s *Server) deviceWithin(c *fiber.Ctx, l cache.Limiter) (respondent, error) {
	token := bearer(c)
	if token == "" {
		return respondent{}, errNoToken
	}
	who, err := s.holder(c.UserContext(), token)
	if err != nil {
		return respondent{}, err
	}
	return who, take(c.UserContext(), l, "node "+who.device.String())
}

// forDevice registers an operation for a device that may become a node.
func forDevice[I, O any](s *Server, o huma.Operation, f func(context.Context, respondent, *I) (*O, error)) {
	o.Security = []map[string][]string{{schemeToken: {}}}
	register(s, o, s.device, f)
}

func (s *Server) nodeRoutes() {
	challenge := op(http.MethodPost, "/v1/nodes/challenge", tagCompute, "node-challenge", "Get a benchmark for a node")
	challenge.Description = "Matrices of 128 rows of numbers modulo 2^31-1, 193 of them, drawn by ChaCha8 from the seed, are multiplied in their order."
	forDevice(s, challenge, s.nodeChallenge)
	join := op(http.MethodPost, "/v1/nodes", tagCompute, "join", "Join with this device as a node, or say anew what it has")
	join.Description = "What it computes is its owner's: of the wallet that has registered the device."
	join.DefaultStatus = http.StatusCreated
	forDevice(s, join, s.join)
	s.transferRoutes()
	forRespondent(s, op(http.MethodGet, "/v1/me/nodes", tagMe, "my-nodes", "My nodes, newest first"), s.myNodes)
	forRespondent(s, op(http.MethodDelete, "/v1/me/nodes/{id}", tagMe, "remove-node", "Remove one of my nodes"), s.removeNode)
	work := op(http.MethodPost, "/v1/work", tagCompute, "take-work", "Take work, or wait for some")
	work.Description = "When there is nothing, the lease is left out."
	work.Security = []map[string][]string{{schemeToken: {}}}
	register(s, work, func(c *fiber.Ctx) (asker, error) {
		n, err := s.node(c)
		return asker{n, c}, err
	}, s.takeWork)
	forNode(s, op(http.MethodPost, "/v1/leases/{id}/progress", tagCompute, "report-progress", "Report progress, and keep the lease"), s.beat)
	finish := op(http.MethodPost, "/v1/leases/{id}/receipt", tagCompute, "finish-work", "Hand work in, by a signed receipt")
	finish.Description = "The same receipt again changes nothing."
	forNode(s, finish, s.finish)
	forNode(s, op(http.MethodPost, "/v1/leases/{id}/failure", tagCompute, "fail-work", "Give work back that cannot be done here"), s.failWork)
}

func (s *Server) nodeChallenge(_ context.Context, who respondent, _ *empty) (*of[wire.NodeChallenge], error) {
	challenge, seed, expires := s.tokens.newBench(who, s.Now())
	return &of[wire.NodeChallenge]{wire.NodeChallenge{Challenge: challenge, Seed: hex.EncodeToString(seed[:]), Operations: compute.BenchOperations, Expires: wire.At(expires)}}, nil
}

// newBench returns a benchmark for a device: what comes back with its product, and the seed of its matrices.
func (s signer) newBench(who respondent, now time.Time) (challenge string, seed [32]byte, expires time.Time) {
	body := binary.BigEndian.AppendUint64(nil, uint64(now.UnixMicro()))
	var nonce [16]byte
	rand.Read(nonce[:]) // never fails
	body = append(append(body, who.device[:]...), nonce[:]...)
	return base64.RawURLEncoding.EncodeToString(append(body, mac(s.bench, body)...)), sha256.Sum256(body), now.Add(challengeTime)
}

// readBench returns the seed of a benchmark of a device, and how long ago it was given.
func (s signer) readBench(challenge string, who respondent, now time.Time) (seed [32]byte, took time.Duration, err error) {
	body, ok := signed(s.bench, challenge)
	if !ok || len(body) != 8+deviceSize+16 || [32]byte(body[8:][:deviceSize]) != who.device {
		return seed, 0, errBadBench
	}
	took = now.Sub(time.UnixMicro(int64(binary.BigEndian.Uint64(body))))
	if took < 0 || took > challengeTime {
		return seed, 0, errBadBench
	}
	return sha256.Sum256(body), max(took, time.Microsecond), nil
}

func (s *Server) join(ctx context.Context, who respondent, in *joinInput) (*of[wire.Node], error) {
	now := s.Now()
	seed, took, err := s.tokens.readBench(in.Body.Challenge, who, now)
	if err != nil {
		return nil, err
	}
	if err := compute.CheckBench(seed, in.Body.Product); err != nil {
		return nil, err
	}
	n, err := s.Pipeline.Join(ctx, &compute.Node{
		Owner: who.id, Key: who.device, Name: in.Body.Name, Capability: compute.Capability(in.Body.Capability),
		Rate: int64(compute.BenchOperations / took.Seconds()), ProvenAt: now,
	})
	if err != nil {
		return nil, err
	}
	return &of[wire.Node]{nodeOf(n)}, nil
}

func nodeOf(n *compute.Node) wire.Node {
	return wire.Node{
		ID: string(n.ID), Name: n.Name, Key: n.Key.String(), Capability: wire.Capability(n.Capability), Rate: n.Rate, Pace: n.Pace,
		Proven: wire.At(n.ProvenAt), Joined: wire.At(n.JoinedAt), Seen: wire.At(n.SeenAt), Only: n.Choice.Only, Not: n.Choice.Not, Stake: n.Stake,
	}
}

func (s *Server) myNodes(ctx context.Context, who respondent, in *Paging) (*of[wire.Nodes], error) {
	list := "nodes " + string(who.id)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	nodes, next, err := s.Stores.Jobs().NodesOf(ctx, who.id, page)
	if err != nil {
		return nil, err
	}
	out := wire.Nodes{Page: s.next(list, next), Nodes: make([]wire.Node, len(nodes))}
	for i, n := range nodes {
		out.Nodes[i] = nodeOf(n)
	}
	return &of[wire.Nodes]{out}, nil
}

func (s *Server) removeNode(ctx context.Context, who respondent, in *nodePath) (*empty, error) {
	if err := tasknet.CheckID(compute.NodePrefix, in.ID); err != nil {
		return nil, err
	}
	return &empty{}, s.Stores.Jobs().RemoveNode(ctx, who.id, compute.NodeID(in.ID))
}

// asker is a node that asks for work, and its request.
type asker struct {
	node    *compute.Node
	request *fiber.Ctx
}

func (s *Server) takeWork(ctx context.Context, who asker, in *workInput) (*of[wire.Work], error) {
	working := make([]compute.LeaseID, len(in.Body.Working))
	for i, id := range in.Body.Working {
		working[i] = compute.LeaseID(id)
	}
	has := make([]compute.ArtefactID, len(in.Body.Has))
	for i, id := range in.Body.Has {
		has[i] = compute.ArtefactID(id)
	}
	if err := s.placeNode(ctx, who, compute.Choice{Only: in.Body.Only, Not: in.Body.Not}); err != nil {
		return nil, err
	}
	l, j, wait, err := s.Pipeline.SeekWork(ctx, who.node, working, has)
	if err != nil {
		return nil, err
	}
	if wait != nil && in.Body.Wait > 0 {
		return &of[wire.Work]{}, s.waitForWork(who.request, wait, who.node.Stake, time.Duration(in.Body.Wait)*time.Second)
	}
	if wait != nil {
		wait.End()
		out, err := s.nothing(ctx, wait, who.node.Stake)
		return &of[wire.Work]{out}, err
	}
	out, err := s.workOf(ctx, l, j)
	return &of[wire.Work]{out}, err
}

// placeNode notes in which network a node is that asks for work, and what work it takes.
func (s *Server) placeNode(ctx context.Context, who asker, c compute.Choice) error {
	if err := c.Check(); err != nil {
		return err
	}
	n, domain := who.node, s.tokens.domainOf(s.clientIP(who.request))
	if n.Domain == domain && n.Choice.Equal(c) {
		return nil
	}
	n.Domain, n.Choice = domain, c
	return s.Stores.Jobs().PlaceNode(ctx, n.ID, domain, c)
}

// nothing says why there was nothing for a node that has waited: whether its choice leaves out what there is, and whether there is
// something with a larger stake.
func (s *Server) nothing(ctx context.Context, wait *pipeline.Wait, stake tasknet.Amount) (out wire.Work, err error) {
	if out.Unchosen, err = wait.Unchosen(ctx); err != nil {
		return out, err
	}
	out.StakeAsked, err = s.Stores.Jobs().StakeAsked(ctx, stake)
	return out, err
}

// workOf says what a node is to do, if it was given a lease.
func (s *Server) workOf(ctx context.Context, l *compute.Lease, j *compute.Job) (wire.Work, error) {
	if l == nil {
		return wire.Work{}, nil
	}
	out := wire.WorkLease{
		ID: string(l.ID), Job: string(l.Job), Title: j.Title, Part: l.Part, From: l.From, To: l.To, Work: j.Work, Expires: wire.At(l.ExpiresAt),
		BeatEvery: int(compute.BeatEvery / time.Second), MaxSeconds: int(j.MaxTime / time.Second), Serves: j.Live && l.Copy == 0,
	}
	part, err := s.Stores.Jobs().Part(ctx, l.Job, l.Part, l.Copy)
	if err != nil {
		return wire.Work{}, err
	}
	if part.Asked != "" {
		a, err := s.Stores.Artefacts().Artefact(ctx, j.Org, part.Asked)
		if err != nil && !errors.Is(err, pipeline.ErrNoArtefact) {
			return wire.Work{}, err
		}
		if err == nil { // otherwise its owner removed it, and nobody can do it again
			out.Asked = &wire.JobFile{Role: string(compute.DataRole), Artefact: string(part.Asked), Bytes: a.Length}
		}
	}
	if part.Checkpoint != "" {
		a, err := s.Stores.Artefacts().Artefact(ctx, j.Org, part.Checkpoint)
		if errors.Is(err, pipeline.ErrNoArtefact) { // its owner removed it: from the start, then
			return wire.Work{Lease: &out}, nil
		}
		if err != nil {
			return wire.Work{}, err
		}
		out.Step, out.Checkpoint = part.Step, &wire.JobFile{Role: "checkpoint", Artefact: string(part.Checkpoint), Bytes: a.Length}
	}
	return wire.Work{Lease: &out}, nil
}

func (s *Server) beat(ctx context.Context, n *compute.Node, in *beatInput) (*of[wire.Beaten], error) {
	if err := tasknet.CheckID(compute.LeasePrefix, in.ID); err != nil {
		return nil, err
	}
	var checkpoint compute.ArtefactID
	if in.Body.Checkpoint != "" {
		var err error
		if checkpoint, err = compute.ParseArtefactID(in.Body.Checkpoint); err != nil {
			return nil, err
		}
	}
	told := make([]compute.Report, len(in.Body.Told))
	for i, r := range in.Body.Told {
		told[i] = compute.Report(r)
	}
	l, err := s.Pipeline.Beat(ctx, n, compute.LeaseID(in.ID), compute.Report(in.Body.Progress), checkpoint, in.Body.Step, told...)
	if err != nil {
		return nil, err
	}
	return &of[wire.Beaten]{wire.Beaten{Expires: wire.At(l.ExpiresAt)}}, nil
}

func (s *Server) finish(ctx context.Context, n *compute.Node, in *finishInput) (*of[wire.WorkReceipt], error) {
	if err := tasknet.CheckID(compute.LeasePrefix, in.ID); err != nil {
		return nil, err
	}
	r, err := receiptIn(in.Body)
	if err != nil {
		return nil, err
	}
	if r.Lease != compute.LeaseID(in.ID) {
		return nil, compute.ErrBadReceipt
	}
	l, err := s.Pipeline.Finish(ctx, n, r)
	if err != nil {
		return nil, err
	}
	return &of[wire.WorkReceipt]{receiptOf(l.Receipt)}, nil
}

func receiptIn(in wire.WorkReceipt) (*compute.Receipt, error) {
	r := &compute.Receipt{
		Lease: compute.LeaseID(in.Lease), Job: compute.JobID(in.Job), Part: in.Part, Code: in.Code, Trainer: in.Trainer, Class: in.Class,
		Began: time.UnixMilli(in.Began).UTC(), Ended: time.UnixMilli(in.Ended).UTC(),
	}
	work, err := hex.DecodeString(in.Work)
	if err != nil || len(work) != len(r.Work) {
		return nil, errBadWorkHash
	}
	copy(r.Work[:], work)
	if r.Signature, err = parseSignature(in.Signature); err != nil {
		return nil, err
	}
	for _, f := range in.Outputs {
		id, err := compute.ParseArtefactID(f.Artefact)
		if err != nil {
			return nil, err
		}
		r.Outputs = append(r.Outputs, compute.JobFile{Role: compute.Role(f.Role), Artefact: id, Bytes: f.Bytes})
	}
	return r, nil
}

func receiptOf(r *compute.Receipt) wire.WorkReceipt {
	return wire.WorkReceipt{
		Lease: string(r.Lease), Job: string(r.Job), Part: r.Part, Work: hex.EncodeToString(r.Work[:]), Code: r.Code, Trainer: r.Trainer, Class: r.Class,
		Began: r.Began.UnixMilli(), Ended: r.Ended.UnixMilli(), Outputs: filesOf(r.Outputs), Signature: hex.EncodeToString(r.Signature[:]),
	}
}

func (s *Server) failWork(ctx context.Context, n *compute.Node, in *failInput) (*empty, error) {
	if err := tasknet.CheckID(compute.LeasePrefix, in.ID); err != nil {
		return nil, err
	}
	code, err := compute.ParseFailureCode(in.Body.Code)
	if err != nil {
		return nil, err
	}
	_, err = s.Pipeline.Fail(ctx, n, compute.LeaseID(in.ID), code, in.Body.Message)
	return &empty{}, err
}
