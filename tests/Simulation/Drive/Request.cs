using ChainCrm.Grains;
using ChainCrm.Grains.Processes;

namespace ChainCrm.Simulation;

/// <summary>Something a caller wants: one command, or an enrolment or change of profile that takes several.</summary>
internal sealed record Request(GrainCommand Command, EnrolmentOrder? Order = null, bool IsChange = false)
{
    /// <summary>The programme that was certainly running when it was sent.</summary>
    public int LeastProgramme { get; init; }

    /// <summary>It publishes a programme: whoever asked waits until the directories show it.</summary>
    public bool IsPublish { get; init; }

    /// <summary>Whoever asked carries through what the entry sends to another customer.</summary>
    public bool IsCarriedThrough { get; init; }

    /// <summary>Place among those under way.</summary>
    public int Index { get; set; }
}
