namespace ChainCrm.Domain.Customers;

/// <summary>Collects the few events of one decision without a list of its own.</summary>
internal struct EventList
{
    private CustomerEvent? _first;
    private CustomerEvent? _second;
    private CustomerEvent? _third;
    private CustomerEvent? _fourth;
    private CustomerEvent? _fifth;
    private CustomerEvent? _sixth;
    private int _count;

    /// <summary>Adds an event; nothing when there is none.</summary>
    public void Add(CustomerEvent? happened)
    {
        if (happened is null) return;
        switch (_count++)
        {
            case 0: _first = happened; break;
            case 1: _second = happened; break;
            case 2: _third = happened; break;
            case 3: _fourth = happened; break;
            case 4: _fifth = happened; break;
            case 5: _sixth = happened; break;
            default: throw new InvalidOperationException("A decision has at most six events.");
        }
    }

    public readonly Decision<CustomerEvent> ToDecision() => _count switch
    {
        0 => Decision<CustomerEvent>.AlreadyDone,
        1 => Decision<CustomerEvent>.Accept([_first!]),
        2 => Decision<CustomerEvent>.Accept([_first!, _second!]),
        3 => Decision<CustomerEvent>.Accept([_first!, _second!, _third!]),
        4 => Decision<CustomerEvent>.Accept([_first!, _second!, _third!, _fourth!]),
        5 => Decision<CustomerEvent>.Accept([_first!, _second!, _third!, _fourth!, _fifth!]),
        _ => Decision<CustomerEvent>.Accept([_first!, _second!, _third!, _fourth!, _fifth!, _sixth!]),
    };
}
