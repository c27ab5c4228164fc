namespace ChainCrm.Faults.Proxy;

/// <summary>Where connections are cut.</summary>
/// <param name="OfAnswers">Counts what the server sends, else what it is sent.</param>
/// <param name="AfterBytes">So many bytes of each connection still pass, from the moment the plan is made, or the connection.</param>
/// <param name="Connections">So many connections are cut, then the plan is over.</param>
/// <param name="Abruptly">By a reset instead of an orderly end.</param>
/// <param name="AppendsAlone">Only connections count on which an append is with the server: what passes is its answer.</param>
internal sealed record CutPlan(bool OfAnswers, long AfterBytes, int Connections, bool Abruptly, bool AppendsAlone = false);
