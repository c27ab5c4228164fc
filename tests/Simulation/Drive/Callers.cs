using ChainCrm.Domain.Customers;
using ChainCrm.Grains;

namespace ChainCrm.Simulation;

/// <summary>
/// Tills and offices: they ask, wait, lose patience, and ask again with the same key until they are answered. They outlive the machine; whoever
/// waited for one that went down never hears of it.
/// </summary>
internal sealed class Callers(Chance chance, Swarm swarm, Workload workload, Witness witness)
{
    private readonly List<Request> _asked = [];
    private readonly List<Request> _unanswered = [];
    private readonly List<Request> _answered = [];
    private int _reading;

    public int UnderWay => _asked.Count;

    public int FailedCommits { get; private set; }

    /// <summary>Everybody was answered.</summary>
    public bool AreDone => _asked.Count == 0 && _unanswered.Count == 0 && _reading == 0;

    /// <summary>Sends something new, or something sent before: by an impatient caller, or after its answer came.</summary>
    public void SendOne(Machine machine)
    {
        var dice = chance.Next(100);
        if (dice < 12 && swarm.ImpatientCallers && _asked.Count > 0)
            Ask(machine, workload.Again(chance.Of(_asked)));
        else if (dice is >= 12 and < 22 && swarm.LateDuplicates && _answered.Count > 0)
            Ask(machine, workload.Again(chance.Of(_answered)));
        else if (dice is >= 22 and < 40 && _unanswered.Count > 0)
            Ask(machine, workload.Again(TakeUnanswered()));
        else
            Ask(machine, workload.Next());
        if (chance.OneIn(8))
            Read(machine);
    }

    public void Open(Machine machine)
    {
        foreach (var request in workload.Opening())
            Ask(machine, request);
    }

    /// <summary>Sends what was not answered, as much as may be under way.</summary>
    public void SendUnanswered(Machine machine)
    {
        while (_asked.Count < swarm.OutstandingMax && _unanswered.Count > 0)
            Ask(machine, workload.Again(TakeUnanswered()));
    }

    /// <summary>The machine went down: its callers know nothing.</summary>
    public void MachineWentDown()
    {
        foreach (var request in _asked)
            NotAnswered(request);
        _asked.Clear();
        _reading = 0;
    }

    /// <summary>Those that were never answered, for the report.</summary>
    public IEnumerable<string> Waiting => _asked.Concat(_unanswered).Select(Name);

    private static string Name(Request request) =>
        request.Order is { } order ? $"{order.Customer.Value} {order.CommandId}" : $"{request.Command.Grain.Stream} {request.Command.CommandId}";

    private void Ask(Machine machine, Request request)
    {
        request = request with { LeastProgramme = workload.Rules.Running, Index = _asked.Count };
        _asked.Add(request);
        _ = machine.Thread.Start(() => AskAsync(machine, request));
    }

    private async Task AskAsync(Machine machine, Request request)
    {
        try
        {
            var reply = request.Order is not { } order ? await machine.AskAnyAsync(request.Command)
                : request.IsChange ? await machine.ReadSide.Enrolment.ChangeProfileAsync(order)
                : await machine.ReadSide.Enrolment.EnrolAsync(order);
            if (request.IsPublish && reply.Entry is { } published)
            {
                await machine.ReadSide.Directories.WaitForAsync(published.Position);
                workload.Rules.Running = Math.Max(workload.Rules.Running, Version(published));
            }

            if (request.IsCarriedThrough && reply.Entry is { } sent)
                await machine.ReadSide.Deliveries.CarryThroughAsync(sent);
            Answered(request, reply);
        }
        catch (Exception failure)
        {
            witness.Say($"{Name(request)} threw {failure.GetType().Name}: {failure.Message}");
        }
    }

    private static int Version(CommittedEntry entry) => entry.Events.OfType<Domain.Programmes.ProgrammePublished>().Single().Version;

    private void Answered(Request request, CommandReply reply)
    {
        var last = _asked[^1];
        _asked[request.Index] = last;
        last.Index = request.Index;
        _asked.RemoveAt(_asked.Count - 1);
        // A business refusal is an answer, though another try may end otherwise; a process that met another one under way is tried again.
        if (reply.Rejection is { MayPassLater: true } refusal && (refusal.Code >= 900 || (request.Order is not null && witness.Disk.FaultsOn)))
        {
            FailedCommits += refusal.Code == EngineRejections.CommitFailed.Code ? 1 : 0;
            NotAnswered(request);
            return;
        }

        if (_answered.Count < SimulationLimits.AnsweredKept)
            _answered.Add(request);
        else
            _answered[chance.Next(_answered.Count)] = request;
        var (stream, id) = request.Order is { } order
            ? (new GrainId(order.Chain, GrainKinds.Customer, order.Customer.Value).Stream, order.CommandId)
            : (request.Command.Grain.Stream, request.Command.CommandId);
        if (reply.Entry is { } entry)
        {
            workload.Baskets.Told(entry);
            workload.Coupons.Told(entry);
        }

        witness.Answered(stream, id, reply, request.LeastProgramme);
    }

    private void NotAnswered(Request request)
    {
        // Some never come again: what they began must come to an end without them.
        if (!swarm.LostCallers || !chance.OneIn(3))
            _unanswered.Add(request);
    }

    private void Read(Machine machine)
    {
        var grain = workload.AnyCustomer();
        _reading++;
        _ = machine.Thread.Start(async () =>
        {
            var seen = await machine.ReadAsync<CustomerState, int, (long Version, SeenRead Seen)>(grain, 0, static (state, _) => (state.Version, new SeenRead(
                0, state.Balance.Count, state.LotSum.Count, state.Debt.Count, state.StoredValue.Principal.Minor, state.StoredValue.Gift.Minor, state.IsStoredValueFrozen,
                Held(state).Points.Count, Held(state).StoredValue.Minor, NumbersOf(state))));
            _reading--;
            if (seen.Rejection is null)
                witness.WasRead(grain.Stream, seen.Value.Version, seen.Value.Seen);
        });
    }

    private static string? NumbersOf(CustomerState state) => state.Coupons.Length == 0 ? null : string.Join(' ', state.Coupons.ToArray().Select(coupon => coupon.Number).Order());

    private static Hold Held(CustomerState state)
    {
        var sum = Hold.None;
        foreach (var basket in state.Baskets)
            sum += basket.Hold;
        return sum;
    }

    private Request TakeUnanswered()
    {
        var index = chance.Next(_unanswered.Count);
        var request = _unanswered[index];
        _unanswered[index] = _unanswered[^1];
        _unanswered.RemoveAt(_unanswered.Count - 1);
        return request;
    }
}
