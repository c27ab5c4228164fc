using ChainCrm.Faults.Proxy;

namespace ChainCrm.Faults.Kinds;

/// <summary>The server's batch is committed and PostgreSQL's answer never arrives.</summary>
internal sealed class LostCommitReply() : FaultKind("lost-commit-reply", "an append reaches PostgreSQL, its answer is thrown away and the connection cut; one in four together with a SIGKILL of the server",
    new SiteNeeds(Store.Postgres, Proxied: true))
{
    public override async Task StrikeAsync(Round round)
    {
        var site = round.Site;
        var plan = new CutPlan(OfAnswers: true, AfterBytes: 0, Connections: 1 + round.Random.Next(2), Abruptly: round.Chance(50), AppendsAlone: true);
        await round.StrikesAsync(() => site.Proxy.Cuts, () => site.Proxy.Follow(plan));
        if (round.Chance(25)) await site.KillAsync();
        await WayBackAsync(round, heal: () => site.Proxy.Follow(null));
    }
}

/// <summary>Connections are cut after so many bytes, one place after the other: within questions, within answers, while connections are made.</summary>
internal sealed class WireCut() : FaultKind("wire-cut", "connections to PostgreSQL are cut after N bytes of a question or an answer, N swept byte by byte over what an append takes, new connections too",
    new SiteNeeds(Store.Postgres, Proxied: true))
{
    // An answer to an append has about sixty bytes, the questions of making a connection and those of a small append some hundreds.
    private const int AnswerBytes = 120, QuestionBytes = 3_000, QuestionStep = 29;

    public override async Task StrikeAsync(Round round)
    {
        var (site, step) = (round.Site, round.Index / 2);
        var ofAnswers = round.Index % 2 == 0;
        var plan = new CutPlan(ofAnswers, ofAnswers ? step % AnswerBytes : step * QuestionStep % QuestionBytes, Connections: 1 + round.Random.Next(4), Abruptly: round.Chance(50));
        await round.StrikesAsync(() => site.Proxy.Cuts, () => site.Proxy.Follow(plan));
        await round.WithinAsync(30);
        await WayBackAsync(round, heal: () => site.Proxy.Follow(null));
    }
}
