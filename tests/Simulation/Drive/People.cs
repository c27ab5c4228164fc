using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using ChainCrm.TestKit;

namespace ChainCrm.Simulation;

/// <summary>People who enrol and change their numbers: few people, fewer numbers, so that they want the same ones at the same time.</summary>
internal sealed class People(Chance chance, Swarm swarm, SimClock clock)
{
    private static readonly IdentityKind[] Kinds = [IdentityKind.Phone, IdentityKind.Card];

    public Request Enrolment(int number) => new(default, Order("enrol", number));

    public Request Change(int number) => new(default, Order("change", number), IsChange: true);

    private EnrolmentOrder Order(string what, int number)
    {
        var wanted = new List<(IdentityKind, string)>();
        for (var i = chance.Next(4); i > 0; i--)
        {
            var identity = (chance.Of(Kinds), $"{chance.Next(swarm.Phones)}");
            if (!wanted.Contains(identity))
                wanted.Add(identity);
        }

        return new EnrolmentOrder(
            Shop.Chain, new CustomerId($"p{chance.Next(swarm.People)}"), $"{what}-{number}", chance.Fingerprint(), new Timestamp(clock.NowMs), Shop.Till,
            new StoreId($"S{chance.Next(swarm.Stores) + 1}"), new PersonalData { Name = $"n{chance.Next(3)}" }, wanted);
    }
}
