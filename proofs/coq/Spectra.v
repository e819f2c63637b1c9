(** Kernel spectra of ReLU on the unit sphere of [R^3] and [R^5], as Riemann integrals.

    [a_k = c_d int_{-1}^1 relu(t) P_k(t) (1 - t^2)^((d-3)/2) dt], [c_3 = 1/2], [c_5 = 3/4]; for odd
    [d] the weight is a polynomial. [lambda_k = a_k^2]. *)
From Coq Require Import Reals Lra Arith.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** Gegenbauer polynomials in dimension [d], [P_k(1) = 1], by their recurrence
    [(k + d - 2) P_{k+1} = (2k + d - 2) t P_k - k P_{k-1}]; the pair is [(P_k, P_{k+1})]. *)
Fixpoint gegenbauer_pair (d : R) (k : nat) (t : R) : R * R :=
  match k with
  | O => (1, t)
  | S m => let (p, q) := gegenbauer_pair d m t in
           (q, ((2 * INR k + d - 2) * t * q - INR k * p) / (INR k + d - 2))
  end.
Definition gegenbauer (d : R) (k : nat) (t : R) : R := fst (gegenbauer_pair d k t).
Definition relu (t : R) : R := Rmax t 0.

(** ReLU vanishes on the left half of the interval. *)
Lemma is_RInt_relu (g : R -> R) (v : R) :
  is_RInt (fun t => t * g t) 0 1 v -> is_RInt (fun t => relu t * g t) (-1) 1 v.
Proof.
  intro H. rewrite <- (Rplus_0_l v). apply (is_RInt_Chasles _ (-1) 0 1 0 v).
  - apply (is_RInt_ext (fun _ => 0)).
    + rewrite Rmin_left, Rmax_right by lra. intros t Ht. unfold relu. rewrite Rmax_right; lra.
    + assert (Z := is_RInt_const (V := R_NormedModule) (-1) 0 0).
      change (scal _ _) with ((0 - -1) * 0) in Z. now rewrite Rmult_0_r in Z.
  - apply (is_RInt_ext (fun t => t * g t)); trivial.
    rewrite Rmin_left, Rmax_right by lra. intros t Ht. unfold relu. rewrite Rmax_left; lra.
Qed.

(** The fundamental theorem, for a polynomial with an explicit primitive. *)
Lemma is_RInt_primitive (F f : R -> R) (v : R) :
  (forall t, is_derive F t (f t)) -> (forall t, continuous f t) -> F 1 - F 0 = v -> is_RInt f 0 1 v.
Proof. intros HF Hf <-. apply (is_RInt_derive F f); intros; trivial. Qed.

Ltac integrate primitive :=
  apply is_RInt_relu, (is_RInt_primitive primitive);
  [ intro; auto_derive; [trivial |]; unfold gegenbauer; cbn; field
  | intro; apply (@ex_derive_continuous R_AbsRing R_NormedModule);
    unfold gegenbauer; cbn; auto_derive; repeat split; lra
  | field ].

Definition coefficient_3 (k : nat) (a : R) : Prop :=
  is_RInt (fun t => relu t * (1 / 2 * gegenbauer 3 k t)) (-1) 1 a.
Definition coefficient_5 (k : nat) (a : R) : Prop :=
  is_RInt (fun t => relu t * (3 / 4 * (1 - t ^ 2) * gegenbauer 5 k t)) (-1) 1 a.

(** [spec-relu-3-5] [a_0 .. a_4] for [d = 3]: [1/4, 1/6, 1/16, 0, -1/96]. *)
Theorem relu_sphere_3 :
  coefficient_3 0 (1 / 4) /\ coefficient_3 1 (1 / 6) /\ coefficient_3 2 (1 / 16) /\
  coefficient_3 3 0 /\ coefficient_3 4 (- 1 / 96).
Proof.
  unfold coefficient_3. repeat split.
  - integrate (fun t => t ^ 2 / 4).
  - integrate (fun t => t ^ 3 / 6).
  - integrate (fun t => 3 * t ^ 4 / 16 - t ^ 2 / 8).
  - integrate (fun t => t ^ 5 / 4 - t ^ 3 / 4).
  - integrate (fun t => (35 * t ^ 6 / 6 - 15 * t ^ 4 / 2 + 3 * t ^ 2 / 2) / 16).
Qed.

(** [spec-relu-3-5] [a_0 .. a_4] for [d = 5]: [3/16, 1/10, 1/32, 0, -1/256]. *)
Theorem relu_sphere_5 :
  coefficient_5 0 (3 / 16) /\ coefficient_5 1 (1 / 10) /\ coefficient_5 2 (1 / 32) /\
  coefficient_5 3 0 /\ coefficient_5 4 (- 1 / 256).
Proof.
  unfold coefficient_5. repeat split.
  - integrate (fun t => 3 * t ^ 2 / 8 - 3 * t ^ 4 / 16).
  - integrate (fun t => t ^ 3 / 4 - 3 * t ^ 5 / 20).
  - integrate (fun t => - 5 * t ^ 6 / 32 + 9 * t ^ 4 / 32 - 3 * t ^ 2 / 32).
  - integrate (fun t => - 3 * t ^ 7 / 16 + 3 * t ^ 5 / 8 - 3 * t ^ 3 / 16).
  - integrate (fun t => - 63 * t ^ 8 / 256 + 35 * t ^ 6 / 64 - 45 * t ^ 4 / 128 + 3 * t ^ 2 / 64).
Qed.
