(** The bounds on the student's loss, as functions of the teacher's loss [L].

    These are their only definitions: every theorem refers to them; [Claims.v], which claims.py prints
    from the ledger, holds them against its formulas. *)
From Coq Require Import Reals.
Open Scope R_scope.

(** Theorem 4.1: the sharp floor for a shrinkage optimal student. *)
Definition shrinkage_floor (L : R) : R := (1 + L - sqrt ((1 + 3 * L) * (1 - L))) / 2.

(** Theorem 4.1: its simple lower bound, touched at [L = 2/3]. *)
Definition quadratic_floor (L : R) : R := 3 / 4 * L ^ 2.

(** Theorem 4.2: the sharp floor for a student no longer than its teacher. *)
Definition bounded_floor (L : R) : R := (1 - sqrt (1 - L)) ^ 2.

(** The loss of the chain of [n] students that turns by [phi] at each step, towards a target at the
    angle [theta] from its least squares projection; [L = sin theta ^ 2]. *)
Definition chain_objective (n : nat) (theta phi : R) : R :=
  1 - 2 * cos theta * cos phi ^ n * cos (theta - INR n * phi) + cos theta ^ 2 * cos phi ^ (2 * n).

(** [m] is the minimum of [f] over [lo <= x <= hi]. *)
Definition is_minimum (f : R -> R) (lo hi m : R) : Prop :=
  (forall x, lo <= x <= hi -> m <= f x) /\ (exists x, lo <= x <= hi /\ f x = m).

(** [m] is the [n]-step floor: the minimum of the objective over [0 <= phi <= theta / n]. *)
Definition is_chain_floor (n : nat) (theta m : R) : Prop :=
  is_minimum (chain_objective n theta) 0 (theta / INR n) m.

(** The master bound: alignment [kappa], [lambda_0] the least eigenvalue that carries the target,
    [lambda_out] the largest outside S, training time [t]. *)
Definition master_bound (kappa L lambda_0 lambda_out t : R) : R :=
  (sqrt (kappa * L) + exp (- (lambda_0 * t)) * sqrt (1 - L)) ^ 2 + (1 - exp (- (lambda_out * t))) ^ 2 * L.
