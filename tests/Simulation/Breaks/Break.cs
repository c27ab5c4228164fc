namespace ChainCrm.Simulation;

/// <summary>Ways to break an invariant on purpose: the auditor must notice each.</summary>
public enum Break
{
    None,
    /// <summary>The caller is answered before the record is on the disk.</summary>
    AnswerBeforeCommit,
    /// <summary>After a failed commit the grain keeps what was not recorded.</summary>
    KeepAfterFailedCommit,
    /// <summary>What was decided on top of a batch that failed or lost a race is committed all the same.</summary>
    KeepOnTop,
    /// <summary>Nobody asks whether a command was there before.</summary>
    SkipDedupe,
    /// <summary>The feed passes over an entry.</summary>
    SkipFeedEntry,
    /// <summary>The agenda never hears of some wake-ups.</summary>
    DropWakeUp,
    /// <summary>The agenda's clock is an hour ahead: it wakes grains before their time.</summary>
    WakeEarly,
    /// <summary>The agenda's clock is a minute behind: it wakes grains too late.</summary>
    WakeLate,
    /// <summary>Whoever should release an identity says it did and does not.</summary>
    ForgetRelease,
    /// <summary>Whoever should confirm an identity says it did and does not.</summary>
    ForgetConfirm,
    /// <summary>An enrolment goes on though the identity is another's.</summary>
    ReserveAnyway,
    /// <summary>A read model counts an entry twice.</summary>
    CountTwice,
    /// <summary>The wall never hears of an entry.</summary>
    WallMissesEntry,
    /// <summary>Decisions go by the programme before the one that runs.</summary>
    OldProgramme,
    /// <summary>Earning rules give past their caps.</summary>
    GivePastCap,
    /// <summary>All rules of a group give.</summary>
    GiveGroupTwice,
    /// <summary>A grain forgets that stored value was spent: the same is spent twice.</summary>
    SpendTwice,
    /// <summary>A grain forgets what its baskets hold: others spend it.</summary>
    SpendHeld,
    /// <summary>A grain forgets that coupons were used: the same one is used twice.</summary>
    UseCouponTwice,
    /// <summary>A grain forgets what was spent: tiers end that were reached again.</summary>
    ForgetSpend,
    /// <summary>A grain charges what goods cost everybody, though the till asked for member prices.</summary>
    ForgetPrices,
}
